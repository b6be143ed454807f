package dev.heliograph.journal;

import dev.heliograph.table.NotAcknowledgedException;
import dev.heliograph.table.UnansweredException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How many calls the sessions of a worker make at a time: as many as DynamoDB answers quickly. The
 * others wait for their turn. Without it, tables that are slow would be asked again by everyone
 * whose call has timed out, which makes them slower still: a thousand sessions that begin at once
 * would never be done.
 *
 * <p>The limit rises by one for each round of quick answers and falls by a third, once in a round,
 * for a slow one or none.
 */
public final class CallLimit {
  /** Half of what an entry's put may take. */
  static final Duration QUICK = Duration.ofMillis(250);

  private static final int LEAST = 4;
  private static final int FIRST = 16;

  private final int most;
  private final LongSupplier nanos;
  private final Lock lock = new ReentrantLock(true);
  private final Condition freed = lock.newCondition();
  private double limit = FIRST;
  private int underWay;
  private long lowered;

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
    long begun = begin();
    boolean isAnswered = true;
    try {
      return call.get();
    } catch (NotAcknowledgedException silent) {
      isAnswered = false;
      throw silent;
    } finally {
      end(begun, isAnswered);
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
  public int current() {
    lock.lock();
    try {
      return (int) limit;
    } finally {
      lock.unlock();
    }
  }

  private long begin() {
    lock.lock();
    try {
      while (underWay >= (int) limit) {
        freed.await();
      }
      underWay++;
      return nanos.getAsLong();
    } catch (InterruptedException interrupted) {
      freed.signal(); // what woke this thread may have been for another one
      Thread.currentThread().interrupt();
      throw new UnansweredException(interrupted);
    } finally {
      lock.unlock();
    }
  }

  private void end(long begun, boolean isAnswered) {
    lock.lock();
    try {
      long now = nanos.getAsLong();
      if (!isAnswered || now - begun > QUICK.toNanos()) {
        lower(begun, now);
      } else if (underWay > limit / 2) { // or it would say nothing about so many
        limit = Math.min(most, limit + 1 / limit);
      }
      underWay--;
      for (int free = (int) limit - underWay; free > 0; free--) freed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Calls that began before it was lowered have nothing to say about the limit as it is now. */
  private void lower(long begun, long now) {
    if (begun - lowered >= 0) {
      limit = Math.max(LEAST, limit * 2 / 3);
      lowered = now;
    }
  }
}
