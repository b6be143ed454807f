package dev.heliograph.bench.deployment;

import dev.heliograph.local.e2e.JavaProcess;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * A place where a worker runs. Whichever way one ends another is started, as an orchestrator does,
 * until the slot is closed.
 */
public final class WorkerSlot implements AutoCloseable {
  private final int number;
  private final DynamoDbProxy dynamoDb;
  private final Function<String, JavaProcess> start;
  private final List<Integer> exitCodes = new CopyOnWriteArrayList<>();
  private final Thread keeper;
  private volatile JavaProcess worker;
  private volatile boolean isFrozen;
  private volatile boolean isRunning;
  private volatile boolean isClosing;

  private WorkerSlot(int number, DynamoDbProxy dynamoDb, Function<String, JavaProcess> start) {
    this.number = number;
    this.dynamoDb = dynamoDb;
    this.start = start;
    worker = start.apply(name(1));
    isRunning = true;
    keeper = Thread.ofVirtual().name("keeper-" + number).start(this::keep);
  }

  /**
   * Starts a worker.
   *
   * @param start starts one whose logs go by a name, and waits until it runs
   */
  static WorkerSlot open(int number, DynamoDbProxy dynamoDb, Function<String, JavaProcess> start) {
    return new WorkerSlot(number, dynamoDb, start);
  }

  private String name(int incarnation) {
    return "worker-%d.%d".formatted(number, incarnation);
  }

  private void keep() {
    for (int incarnation = 2; ; incarnation++) {
      int exitCode = worker.awaitExit();
      isRunning = false;
      isFrozen = false;
      if (isClosing) return;
      exitCodes.add(exitCode);
      worker = start.apply(name(incarnation));
      isRunning = true;
      if (isClosing) worker.terminate();
    }
  }

  public int number() {
    return number;
  }

  /** Its way to DynamoDB. */
  public DynamoDbProxy dynamoDb() {
    return dynamoDb;
  }

  /** Whether a worker runs here, and not only is there or begins. */
  public boolean isAtWork() {
    return isRunning && !isFrozen;
  }

  /** How the workers have ended that were here before, in order. */
  public List<Integer> exitCodes() {
    return exitCodes;
  }

  /** SIGKILL. */
  public void kill() {
    worker.kill();
  }

  /** SIGKILL, and nobody comes after it. */
  public void killForGood() {
    isClosing = true;
    worker.kill();
  }

  /**
   * SIGTERM, and nobody comes after it.
   *
   * @return its exit code
   */
  public int stopForGood() {
    isClosing = true;
    return worker.stop();
  }

  /** SIGTERM, without waiting for its end. */
  public void terminate() {
    worker.terminate();
  }

  /** SIGSTOP. */
  public void freeze() {
    isFrozen = true;
    worker.freeze();
  }

  /** SIGCONT; nothing to one that runs. */
  public void thaw() {
    worker.thaw();
    isFrozen = false;
  }

  @Override
  public void close() {
    isClosing = true;
    thaw();
    worker.terminate();
    try {
      keeper.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    dynamoDb.close();
  }
}
