package dev.heliograph.webhook;

import java.time.Instant;

/** What comes of wanting to begin an attempt. */
sealed interface ClaimOutcome {
  /** It has begun, and is nobody else's until it ends or a function can run no longer. */
  record Begun(Attempt attempt) implements ClaimOutcome {}

  /** Somebody else has begun one and not ended it: it counts until then. */
  record UnderWay(Instant until) implements ClaimOutcome {}

  /** The delivery is settled, or gone, or not yet due. */
  record NotDue() implements ClaimOutcome {}
}
