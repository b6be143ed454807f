package dev.heliograph.journal;

import java.time.Duration;
import java.time.Instant;

/** A session's time: points, what elapses, and waiting. Simulations have one of their own. */
public interface SessionClock {
  /** What is written down. */
  Instant now();

  /** What timeouts are measured with: like {@link System#nanoTime}. */
  long nanos();

  /**
   * Waits.
   *
   * @throws InterruptedException if the session is to end
   */
  void pause(Duration duration) throws InterruptedException;
}
