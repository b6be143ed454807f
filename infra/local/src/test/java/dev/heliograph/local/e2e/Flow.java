package dev.heliograph.local.e2e;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;

/**
 * Numbered texts in one direction, one after the other; what holds one up holds up those after it,
 * and no more are sent while many are under way: a machine that is too slow for the pace is to end
 * too.
 */
final class Flow {
  private static final int MOST_UNDER_WAY = 150;
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  private final String name;
  private final CompletableFuture<Void> done;
  private final IntSupplier arrived;
  private final Semaphore turn = new Semaphore(1);
  private volatile boolean stopped;
  private final AtomicInteger sent = new AtomicInteger();

  private Flow(String name, Duration pace, Consumer<String> send, IntSupplier arrived) {
    this.name = name;
    this.arrived = arrived;
    this.done = CompletableFuture.runAsync(() -> run(pace, send), Flow::startThread);
  }

  /**
   * Begins to send.
   *
   * @param pace from one text to the next
   * @param send returns once the text is accepted
   * @param arrived how many have come to their end
   */
  static Flow start(String name, Duration pace, Consumer<String> send, IntSupplier arrived) {
    return new Flow(name, pace, send, arrived);
  }

  private static void startThread(Runnable flow) {
    Thread.ofVirtual().start(flow);
  }

  private void run(Duration pace, Consumer<String> send) {
    while (!stopped) {
      long start = System.nanoTime();
      if (size() - arrived.getAsInt() < MOST_UNDER_WAY) {
        sendNext(send);
        pauseUntil(start + pace.toNanos());
      } else {
        pauseUntil(start + LOOK_AGAIN.toNanos());
      }
    }
  }

  private void sendNext(Consumer<String> send) {
    turn.acquireUninterruptibly();
    try {
      send.accept(text(size() + 1));
      sent.incrementAndGet();
    } finally {
      turn.release();
    }
  }

  private static void pauseUntil(long nanos) {
    try {
      Thread.sleep(Duration.ofNanos(Math.max(0, nanos - System.nanoTime())));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private String text(int number) {
    return name + " " + number;
  }

  /** Sends none until {@link #goOn()}, and waits for the last one to be accepted. */
  void rest() {
    turn.acquireUninterruptibly();
  }

  void goOn() {
    turn.release();
  }

  /** Sends no more, and waits for the last one to be accepted. */
  void stop() {
    stopped = true;
    done.join();
  }

  /** How many have been accepted. */
  int size() {
    return sent.get();
  }

  /** All that were accepted, in their order. */
  List<String> texts() {
    return IntStream.rangeClosed(1, size()).mapToObj(this::text).toList();
  }
}
