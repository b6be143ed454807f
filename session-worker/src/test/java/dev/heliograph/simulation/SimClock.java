package dev.heliograph.simulation;

import dev.heliograph.journal.SessionClock;
import java.time.Duration;
import java.time.Instant;

/** The clock of the scheduler, as the processes see it. */
final class SimClock implements SessionClock {
  static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

  private final Scheduler scheduler;

  SimClock(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public Instant now() {
    return BEGINNING.plusNanos(scheduler.nanos());
  }

  @Override
  public long nanos() {
    return scheduler.nanos();
  }

  @Override
  public void pause(Duration duration) throws InterruptedException {
    throwIfInterrupted();
    scheduler.waitFor(duration);
    throwIfInterrupted();
  }

  private void throwIfInterrupted() throws InterruptedException {
    SimProcess running = scheduler.running();
    boolean told = running != null && running.clearInterrupted();
    boolean flagged = Thread.interrupted();
    if (told || flagged) {
      throw new InterruptedException();
    }
  }
}
