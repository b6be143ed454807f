package dev.heliograph.crash;

import dev.heliograph.simulation.Crashed;
import java.util.concurrent.Callable;

/** How many steps a session may take: it dies right after the last one, and does nothing more. */
final class Life {
  private final int steps;
  private int taken;
  private boolean over;

  /** One that ends with this step; for ever with 0. */
  Life(int steps) {
    this.steps = steps;
  }

  /** A step: something is written, or sent. */
  <T> T step(Callable<T> step) throws Exception {
    boolean isLast = next();
    T result = step.call();
    if (isLast) {
      throw new Crashed();
    }
    return result;
  }

  /** Something is only read. */
  synchronized void check() {
    if (over) {
      throw new Crashed();
    }
  }

  /** Whether the next step is the last one. */
  synchronized boolean next() {
    check();
    over = ++taken == steps;
    return over;
  }

  /** How many steps were taken. */
  synchronized int taken() {
    return taken;
  }

  synchronized boolean isOver() {
    return over;
  }
}
