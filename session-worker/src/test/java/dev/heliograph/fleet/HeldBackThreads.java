package dev.heliograph.fleet;

import java.time.Duration;
import java.util.function.BiConsumer;

/**
 * The JVM's threads, but what is to happen later is the test's to do.
 *
 * @param later is given it
 */
record HeldBackThreads(BiConsumer<Duration, Runnable> later) implements Threads {
  private static final Threads MACHINE = new MachineThreads();

  @Override
  public Task create(String name, Body body) {
    return MACHINE.create(name, body);
  }

  @Override
  public void sleep(Duration time) throws InterruptedException {
    MACHINE.sleep(time);
  }

  @Override
  public void later(Duration in, Runnable what) {
    later.accept(in, what);
  }
}
