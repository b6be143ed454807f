package dev.heliograph.fleet;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * A clock as it was once, and what has elapsed since. Whoever sets the machine's clock meanwhile
 * moves it by nothing: until DynamoDB says what time it is, a jump of an hour would make every
 * message that waits too old.
 */
final class SteadyTime implements InstantSource {
  private final Instant begun;
  private final long nanosThen;
  private final LongSupplier nanos;

  /**
   * Goes on from the time that it is now.
   *
   * @param nanos like {@link System#nanoTime}
   */
  SteadyTime(InstantSource clock, LongSupplier nanos) {
    this.begun = clock.instant();
    this.nanosThen = nanos.getAsLong();
    this.nanos = nanos;
  }

  @Override
  public Instant instant() {
    return begun.plusNanos(nanos.getAsLong() - nanosThen);
  }
}
