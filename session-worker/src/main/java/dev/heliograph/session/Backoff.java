package dev.heliograph.session;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** When to connect again: exponential with full jitter, so that a thousand sessions spread. */
final class Backoff {
  private static final Duration BASE = Duration.ofSeconds(2);
  private static final Duration CAP = Duration.ofSeconds(60);

  /** So many answers in a row that led nowhere: a human must look. */
  private static final int EXHAUSTED = 20;

  private final RandomGenerator random;
  private int attempts;
  private int answered;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /**
   * An attempt has led nowhere.
   *
   * @param isAnswered whether WhatsApp spoke: a network that reaches nobody exhausts nothing
   */
  void failed(boolean isAnswered) {
    attempts++;
    if (isAnswered) {
      answered++;
    }
  }

  void reset() {
    attempts = 0;
    answered = 0;
  }

  boolean isExhausted() {
    return answered >= EXHAUSTED;
  }

  /** How long to wait now. */
  Duration next() {
    long longest = Math.min(CAP.toMillis(), BASE.toMillis() << Math.min(attempts, 6));
    return Duration.ofMillis(random.nextLong(longest + 1));
  }
}
