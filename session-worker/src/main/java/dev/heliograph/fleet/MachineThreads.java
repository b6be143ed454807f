package dev.heliograph.fleet;

import java.time.Duration;

/** The JVM's threads: virtual ones, as most of what a worker does is to wait. */
final class MachineThreads implements Threads {
  private record ThreadTask(Thread thread) implements Task {
    @Override
    public void start() {
      thread.start();
    }

    @Override
    public void interrupt() {
      thread.interrupt();
    }

    @Override
    public boolean join(Duration longest) throws InterruptedException {
      return thread.join(longest);
    }
  }

  @Override
  public Task create(String name, Body body) {
    return new ThreadTask(Thread.ofVirtual().name(name).unstarted(() -> run(body)));
  }

  /** A thread of the operating system, which gets its turn whatever the virtual ones do. */
  static Task createPlatform(String name, Body body) {
    return new ThreadTask(Thread.ofPlatform().name(name).daemon(true).unstarted(() -> run(body)));
  }

  private static void run(Body body) {
    try {
      body.run();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void sleep(Duration time) throws InterruptedException {
    Thread.sleep(time);
  }
}
