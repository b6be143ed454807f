package dev.heliograph.sandbox.pairing;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/**
 * The refs of one connection and when each is on show: the first for 60 s, five more for 20 s each.
 */
record RefSchedule(Instant start, List<String> refs) {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int COUNT = 6;
  private static final Duration FIRST = Duration.ofSeconds(60);
  private static final Duration OTHERS = Duration.ofSeconds(20);
  // The client's clock starts when the refs have reached it, and its picture is drawn and seen a
  // little later.
  private static final Duration GRACE = Duration.ofSeconds(2);

  static RefSchedule beginning(Instant now) {
    return new RefSchedule(now, Stream.generate(RefSchedule::newRef).limit(COUNT).toList());
  }

  private static String newRef() {
    byte[] random = new byte[90];
    RANDOM.nextBytes(random);
    return "2@" + Base64.getEncoder().encodeToString(random);
  }

  boolean isShown(String ref, Instant now) {
    int index = refs.indexOf(ref);
    Instant from = start.plus(until(index - 1));
    Instant to = start.plus(until(index)).plus(GRACE);
    return index >= 0 && !now.isBefore(from) && now.isBefore(to);
  }

  boolean isOver(Instant now) {
    return !now.isBefore(start.plus(until(COUNT - 1)));
  }

  /** How long after the start the show of this ref ends. */
  private static Duration until(int index) {
    return index < 0 ? Duration.ZERO : FIRST.plus(OTHERS.multipliedBy(index));
  }
}
