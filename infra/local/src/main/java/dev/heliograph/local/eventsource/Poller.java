package dev.heliograph.local.eventsource;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;

/** A thread that does one step after the other until it is closed, whatever a step throws. */
final class Poller implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Poller.class);
  private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(1);
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final Step step;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final ReentrantLock handling = new ReentrantLock();
  private final Thread thread;

  private Poller(String name, Step step) {
    this.step = step;
    thread = Thread.ofVirtual().name(name).unstarted(this::run);
  }

  /** What is done again and again; its wait is its own. */
  interface Step {
    void run(Poller poller) throws InterruptedException;
  }

  static Poller start(String name, Step step) {
    Poller poller = new Poller(name, step);
    poller.thread.start();
    return poller;
  }

  /** Returns after this time; ends the step as soon as the poller is closed. */
  void pause(Duration duration) throws InterruptedException {
    if (closing.await(duration.toNanos(), TimeUnit.NANOSECONDS)) throw new InterruptedException();
  }

  /** Ends the step if the poller is closed: what fails from then on fails because of that. */
  void checkOpen() throws InterruptedException {
    if (isClosing()) throw new InterruptedException();
  }

  /** Does what {@link #close()} gives a moment to end; not at all once it is closing. */
  void handle(Handling part) throws InterruptedException {
    handling.lock();
    try {
      checkOpen();
      part.run();
    } finally {
      handling.unlock();
    }
  }

  /** The part of a step that is work begun, after which waiting for work goes on. */
  interface Handling {
    void run() throws InterruptedException;
  }

  /** Interrupts the step, and what it handles if that does not end soon, and waits for the end. */
  @Override
  public void close() {
    closing.countDown();
    try {
      boolean idle = handling.tryLock(GRACE.toMillis(), TimeUnit.MILLISECONDS);
      thread.interrupt();
      if (idle) handling.unlock();
      thread.join();
    } catch (InterruptedException interrupted) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!isClosing()) runStep();
    } catch (InterruptedException closed) {
      // The end of the thread is all that it asks for.
    }
  }

  private void runStep() throws InterruptedException {
    try {
      step.run(this);
    } catch (SdkException unanswered) {
      // The SDK has its own exception for an interrupted call.
      if (!isClosing()) afterFailure(unanswered);
    } catch (RuntimeException defect) {
      afterFailure(defect);
    }
  }

  private void afterFailure(RuntimeException failure) throws InterruptedException {
    log.atError().addKeyValue("poller", thread.getName()).setCause(failure).log("poll failed");
    pause(AFTER_A_FAILURE);
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }
}
