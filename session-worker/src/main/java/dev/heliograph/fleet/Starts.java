package dev.heliograph.fleet;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Lets so many sessions begin at a time, those first that were connected under another owner: a
 * worker that takes over a thousand numbers stampedes neither DynamoDB nor WhatsApp.
 */
final class Starts {
  /** After this a start is over for the others: it waits for a scan, or for a network. */
  static final Duration PATIENCE = Duration.ofSeconds(3);

  private final int most;
  private final Threads threads;
  private final Deque<Start> connectedBefore = new ArrayDeque<>();
  private final Deque<Start> others = new ArrayDeque<>();
  private int underWay;

  Starts(int most, Threads threads) {
    this.most = most;
    this.threads = threads;
  }

  /** Where a start is. */
  private enum Phase {
    NEW,
    WAITING,
    UNDER_WAY,
    OVER
  }

  /** One that has not asked yet. */
  Start create() {
    return new Start();
  }

  /** The beginning of one session. */
  final class Start {
    private Phase phase = Phase.NEW;
    private Runnable begin = () -> {};

    private Start() {}

    /** Has something called, at once or when it is its turn. */
    void ask(Runnable begin, boolean wasConnected) {
      synchronized (Starts.this) {
        this.begin = begin;
        phase = Phase.WAITING;
        (wasConnected ? connectedBefore : others).add(this);
        beginNext();
      }
    }

    /** Its turn is over: it is connected, or has ended. Does nothing if it was over before. */
    void done() {
      synchronized (Starts.this) {
        if (phase == Phase.UNDER_WAY) {
          phase = Phase.OVER;
          underWay--;
          beginNext();
        }
      }
    }

    /** Takes it back, unless it has begun: whether it was taken back. */
    boolean withdraw() {
      synchronized (Starts.this) {
        if (phase != Phase.WAITING) {
          return false;
        }
        phase = Phase.OVER;
        connectedBefore.remove(this);
        others.remove(this);
        return true;
      }
    }
  }

  private void beginNext() {
    while (underWay < most) {
      Start next = connectedBefore.isEmpty() ? others.poll() : connectedBefore.poll();
      if (next == null) {
        return;
      }
      next.phase = Phase.UNDER_WAY;
      underWay++;
      threads.later(PATIENCE, next::done);
      next.begin.run();
    }
  }
}
