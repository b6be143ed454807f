package dev.heliograph.webhook;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When a failed delivery is tried again.
 *
 * @param delays after the first attempt, after the second, and so on; then no more
 */
record RetrySchedule(List<Duration> delays, RandomGenerator random) {
  /** So that what failed together does not come back together. */
  private static final double JITTER = 0.2;

  /** Ten attempts over about two days: an endpoint may be down over a weekend's Saturday. */
  static final List<Duration> DELAYS =
      List.of(
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofMinutes(2),
          Duration.ofMinutes(10),
          Duration.ofMinutes(30),
          Duration.ofHours(2),
          Duration.ofHours(6),
          Duration.ofHours(12),
          Duration.ofHours(24));

  RetrySchedule {
    delays = List.copyOf(delays);
  }

  /** How long to wait after this many attempts; nothing if there is no other one. */
  Optional<Duration> delayAfter(int attempts) {
    if (attempts > delays.size()) {
      return Optional.empty();
    }
    double factor = 1 + JITTER * (2 * random.nextDouble() - 1);
    return Optional.of(Duration.ofMillis((long) (delays.get(attempts - 1).toMillis() * factor)));
  }
}
