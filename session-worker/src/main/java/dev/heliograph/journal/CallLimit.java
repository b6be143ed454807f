package dev.heliograph.journal;

import dev.heliograph.table.UnansweredException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How many calls the sessions of a worker make at a time: as many as DynamoDB answers quickly. The
 * others wait for their turn. Without it, tables that are slow would be asked again by everyone
 * whose call has timed out, which makes them slower still: a thousand sessions that begin at once
 * would never be done.
 *
 * <p>The limit rises by one for each round of quick answers and falls by a third, once in a round,
 * for a slow one or none. A table that refuses for load says so at once, to one caller, who waits
 * before it asks again: that is no reason to have the others wait.
 */
public final class CallLimit {
  /** Half of what an entry's put may take. */
  static final Duration QUICK = Duration.ofMillis(250);

  static final int LEAST = 8;
  static final int FIRST = 16;

  private final int most;
  private final LongSupplier nanos;
  private final Turns turns = new Turns();
  private int limit = FIRST;
  private int quickAnswers;
  private long lowered;

  private static final class Turns extends Semaphore {
    private static final long serialVersionUID = 1;

    Turns() {
      super(FIRST, true);
    }

    void takeAway(int permits) {
      reducePermits(permits);
    }
  }

  /**
   * A limit that nothing is known for yet.
   *
   * @param most where it ends to rise, at least 16
   * @param nanos like {@link System#nanoTime}
   */
  public CallLimit(int most, LongSupplier nanos) {
    this.most = most;
    this.nanos = nanos;
    this.lowered = nanos.getAsLong();
  }

  /**
   * Makes a call when it is its turn.
   *
   * @throws UnansweredException also if the thread was interrupted; it still is, then
   */
  <T> T of(Supplier<T> call) {
    awaitTurn();
    long begun = nanos.getAsLong();
    try {
      T answer = call.get();
      judge(begun, true);
      return answer;
    } catch (UnansweredException silent) {
      if (!Thread.currentThread().isInterrupted()) { // or it was us who did not wait
        judge(begun, false);
      }
      throw silent;
    } finally {
      turns.release();
    }
  }

  /** The same, for a call that answers nothing. */
  void run(Runnable call) {
    of(
        () -> {
          call.run();
          return true;
        });
  }

  /** So many calls at a time. */
  public synchronized int current() {
    return limit;
  }

  private void awaitTurn() {
    try {
      turns.acquire();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new UnansweredException(interrupted);
    }
  }

  private synchronized void judge(long begun, boolean isAnswered) {
    boolean isOfNow = begun - lowered >= 0; // others have met another limit
    int underWay = limit - turns.availablePermits();
    if (!isOfNow || underWay <= limit / 2) { // and few of them say nothing about many
      return;
    }
    long now = nanos.getAsLong();
    if (isAnswered && now - begun <= QUICK.toNanos()) {
      raise();
    } else {
      lower(now);
    }
  }

  private void raise() {
    quickAnswers++;
    if (quickAnswers >= limit && limit < most) {
      quickAnswers = 0;
      limit++;
      turns.release();
    }
  }

  private void lower(long now) {
    int lower = Math.max(LEAST, limit * 2 / 3);
    turns.takeAway(limit - lower);
    limit = lower;
    quickAnswers = 0;
    lowered = now;
  }
}
