package dev.heliograph.session;

import dev.heliograph.journal.SessionClock;
import dev.heliograph.message.MessageId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * What this session itself has seen of the messages that nothing has settled: which of them
 * WhatsApp would not take for the moment, and of which it may have an earlier copy. Memory alone:
 * to whoever opens the journal next all of them are such as may have been taken.
 */
final class InFlight {
  /** With the first pause of a second, doubled each time, that is about a minute. */
  private static final int MOST_TRIES = 7;

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final int TOO_MANY = 429;

  private final SessionClock clock;
  private final RandomGenerator random;
  private final Map<MessageId, Later> refused = new HashMap<>();
  private final Set<MessageId> repeated = new HashSet<>();

  /**
   * A message that WhatsApp would not take for the moment.
   *
   * @param at when it is to go out again, or when it did
   */
  private record Later(int tries, int code, boolean waits, Instant at) {}

  InFlight(SessionClock clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /**
   * WhatsApp does not take a message now; the same bytes may be taken later.
   *
   * @return false if it has been tried often enough
   */
  boolean postpone(MessageId message, int code) {
    Later before = refused.get(message);
    if (before != null && before.waits()) {
      return true; // the same answer once more
    }
    int tries = before == null ? 1 : before.tries() + 1;
    if (tries >= MOST_TRIES) {
      return false;
    }
    long pause = FIRST_PAUSE.toMillis() << (tries - 1);
    Duration jittered = Duration.ofMillis(pause / 2 + random.nextLong(pause / 2 + 1));
    refused.put(message, new Later(tries, code, true, clock.now().plus(jittered)));
    return true;
  }

  /** Those whose time to go out again has come, the one that waits longest first. */
  List<MessageId> due() {
    Instant now = clock.now();
    return refused.entrySet().stream()
        .filter(entry -> entry.getValue().waits() && !entry.getValue().at().isAfter(now))
        .sorted(Comparator.comparing(entry -> entry.getValue().at()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** It has gone out again, as WhatsApp had not taken it. */
  void sentAgain(MessageId message) {
    refused.computeIfPresent(
        message, (_, later) -> new Later(later.tries(), later.code(), false, clock.now()));
  }

  /** When the next one is to go out again. */
  Optional<Instant> nextDue() {
    return refused.values().stream()
        .filter(Later::waits)
        .map(Later::at)
        .min(Comparator.naturalOrder());
  }

  /** Whether it waits to go out again: no answer is owed. */
  boolean waits(MessageId message) {
    Later later = refused.get(message);
    return later != null && later.waits();
  }

  /** When it was written, if that was not the first time. */
  Optional<Instant> sentAgainAt(MessageId message) {
    return Optional.ofNullable(refused.get(message)).filter(later -> !later.waits()).map(Later::at);
  }

  /** Whether we send faster than WhatsApp wants us to: what is new would fare no better. */
  boolean isTooFast() {
    return refused.values().stream().anyMatch(later -> later.code() == TOO_MANY);
  }

  /** It goes out on another connection, and nobody knows what became of it on the one before. */
  void repeated(MessageId message) {
    repeated.add(message);
  }

  /** Whether WhatsApp may have it from before, whatever it says of the copy. */
  boolean mayHaveBeenTaken(MessageId message) {
    return repeated.contains(message);
  }

  /** Forgets all but these: something has settled the others. */
  void retain(Collection<MessageId> unsettled) {
    refused.keySet().retainAll(unsettled);
    repeated.retainAll(unsettled);
  }
}
