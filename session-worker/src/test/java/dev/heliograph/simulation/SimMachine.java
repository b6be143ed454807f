package dev.heliograph.simulation;

import dev.heliograph.fleet.DynamoDbClock;
import dev.heliograph.journal.SessionClock;
import java.time.Duration;
import java.time.Instant;

/**
 * A machine's idea of time: wrong from the start, too fast or too slow, and put right by what
 * DynamoDB's answers say.
 */
final class SimMachine implements SessionClock {
  private static final Duration MOST_AHEAD = Duration.ofMinutes(70);
  private static final int MOST_TOO_FAST = 20;

  private final Scheduler scheduler;
  private final SimClock world;
  private final Duration ahead;
  private final int tooFast;
  private final boolean listens;
  private final DynamoDbClock corrected = new DynamoDbClock(this::machineTime);

  private SimMachine(Scheduler scheduler, Duration ahead, int tooFast, boolean listens) {
    this.scheduler = scheduler;
    this.world = new SimClock(scheduler);
    this.ahead = ahead;
    this.tooFast = tooFast;
    this.listens = listens;
  }

  /** One that is right. */
  static SimMachine exact(Scheduler scheduler) {
    return new SimMachine(scheduler, Duration.ZERO, 0, true);
  }

  /**
   * One out of three is an hour off, or more.
   *
   * @param listens whether it heeds what DynamoDB says
   */
  static SimMachine drawn(Scheduler scheduler, Chance chance, boolean listens) {
    Duration ahead =
        chance.below(3) == 0
            ? chance.between(MOST_AHEAD.negated(), MOST_AHEAD)
            : chance.millis(-2_000, 2_000);
    int tooFast = chance.below(2 * MOST_TOO_FAST + 1) - MOST_TOO_FAST;
    return new SimMachine(scheduler, ahead, tooFast, listens);
  }

  /** What its own clock shows. */
  Instant machineTime() {
    return SimClock.BEGINNING.plus(ahead).plusNanos(nanos());
  }

  /** An answer came. */
  void answered(Instant sent, Instant stamped) {
    corrected.correct(sent, Instant.ofEpochSecond(stamped.getEpochSecond()), machineTime());
  }

  @Override
  public Instant now() {
    return listens ? corrected.instant() : machineTime();
  }

  @Override
  public long nanos() {
    return scheduler.nanos() / 1000 * (1000 + tooFast);
  }

  @Override
  public void pause(Duration duration) throws InterruptedException {
    world.pause(Duration.ofNanos(duration.toNanos() / (1000 + tooFast) * 1000 + 1000));
  }
}
