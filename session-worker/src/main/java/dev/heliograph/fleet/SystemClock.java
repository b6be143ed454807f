package dev.heliograph.fleet;

import dev.heliograph.journal.SessionClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The machine's time. */
public final class SystemClock implements SessionClock {
  private final InstantSource clock;

  /** The time by this clock; pauses are the thread's. */
  public SystemClock(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Instant now() {
    return clock.instant();
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public void pause(Duration duration) throws InterruptedException {
    Thread.sleep(duration);
  }
}
