package dev.heliograph.sandbox.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that decides. It takes all work that waits, does it piece by piece, commits once,
 * and only then lets the effects out: so everything that a client is told is durable, and load
 * makes the commits bigger instead of more. A piece that throws leaves no trace.
 */
public final class Turns implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Turns.class);
  private static final int LARGEST_COMMIT = 500;

  private final Database database;
  private final BlockingQueue<Work> waiting = new LinkedBlockingQueue<>();
  private final Thread thread = Thread.ofPlatform().name("sandbox-turns").unstarted(this::run);
  private volatile boolean closed;

  public Turns(Database database) {
    this.database = database;
  }

  private record Work(Consumer<Turn> action, Consumer<RuntimeException> refused) {}

  public void start() {
    thread.start();
  }

  /**
   * Does a piece of work, soon.
   *
   * @param refused hears why, on the same thread, if the action threw or could not be committed
   */
  public void submit(Consumer<Turn> action, Consumer<RuntimeException> refused) {
    waiting.add(new Work(action, refused));
  }

  /**
   * The answer arrives when the turn's own future is complete, and not before everything behind it
   * is durable.
   */
  public <T> CompletableFuture<T> ask(Function<Turn, CompletableFuture<T>> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    submit(
        turn -> {
          CompletableFuture<T> later = question.apply(turn);
          turn.afterCommit(() -> pass(later, answer));
        },
        answer::completeExceptionally);
    return answer;
  }

  private static <T> void pass(CompletableFuture<T> from, CompletableFuture<T> to) {
    var _ =
        from.whenComplete(
            (value, failure) -> {
              if (failure == null) {
                to.complete(value);
              } else {
                to.completeExceptionally(failure);
              }
            });
  }

  private void run() {
    List<Work> batch = new ArrayList<>();
    while (!closed || !waiting.isEmpty()) {
      try {
        batch.add(waiting.take());
        waiting.drainTo(batch, LARGEST_COMMIT);
        handle(batch);
      } catch (InterruptedException stopped) {
        return;
      } finally {
        batch.clear();
      }
    }
    waiting.drainTo(batch);
    batch.forEach(
        work -> work.refused().accept(new IllegalStateException("the sandbox is closed")));
  }

  private void handle(List<Work> batch) {
    List<Runnable> effects = new ArrayList<>();
    try {
      database.update("BEGIN");
      for (Work work : batch) {
        effects.addAll(attempt(work));
      }
      database.update("COMMIT");
    } catch (StoreException failure) {
      // Nobody was told anything, so nothing is wrong yet; but nothing more can be promised either.
      log.atError().setCause(failure).log("the database cannot be written, the sandbox stops");
      closed = true;
      batch.forEach(work -> work.refused().accept(failure));
      return;
    }
    effects.forEach(Turns::release);
  }

  private List<Runnable> attempt(Work work) {
    Turn turn = new Turn();
    database.update("SAVEPOINT turn");
    try {
      work.action().accept(turn);
      database.update("RELEASE turn");
      return turn.effects();
    } catch (RuntimeException refusal) {
      database.update("ROLLBACK TO turn");
      database.update("RELEASE turn");
      return List.of(() -> work.refused().accept(refusal));
    }
  }

  private static void release(Runnable effect) {
    try {
      effect.run();
    } catch (RuntimeException defect) {
      log.atError().setCause(defect).log("an effect failed");
    }
  }

  /** Finishes what was submitted before. */
  @Override
  public void close() {
    submit(turn -> closed = true, refusal -> {});
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
