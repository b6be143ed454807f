package dev.heliograph.fleet;

import java.time.Duration;

/** What a worker's loops run on. A simulation has its own, with its own time. */
public interface Threads {
  /** A thread that has not started. */
  Task create(String name, Body body);

  /** Stands still for that long. */
  void sleep(Duration time) throws InterruptedException;

  /** A thread that runs. */
  default Task start(String name, Body body) {
    Task task = create(name, body);
    task.start();
    return task;
  }

  /** Calls something after a while, on a thread of its own. */
  default void later(Duration in, Runnable what) {
    start(
        "later",
        () -> {
          sleep(in);
          what.run();
        });
  }

  /** What a thread does; to be interrupted is one way to end. */
  @FunctionalInterface
  interface Body {
    /** Does it. */
    void run() throws InterruptedException;
  }

  /** One thread. */
  interface Task {
    /** Starts it; once. */
    void start();

    /** Interrupts it, if it runs. */
    void interrupt();

    /**
     * Waits for its end.
     *
     * @return false if it has not ended within that time
     */
    boolean join(Duration longest) throws InterruptedException;
  }
}
