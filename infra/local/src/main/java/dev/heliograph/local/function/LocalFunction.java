package dev.heliograph.local.function;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Lambda function: a handler that is called with a time limit. One handler object serves all
 * calls, also at the same time, where Lambda has one per container.
 */
public final class LocalFunction<I, O extends @Nullable Object> {
  private static final Logger log = LoggerFactory.getLogger(LocalFunction.class);

  private final String name;
  private final RequestHandler<I, O> handler;
  private final Duration timeout;

  /** A function as {@code template.yaml} declares it. */
  public LocalFunction(String name, RequestHandler<I, O> handler, Duration timeout) {
    this.name = name;
    this.handler = handler;
    this.timeout = timeout;
  }

  /** The function's name. */
  public String name() {
    return name;
  }

  /**
   * Calls the handler on a thread of its own and waits for it.
   *
   * @throws InterruptedException after interrupting the handler
   */
  public Outcome<O> invoke(I event) throws InterruptedException {
    String requestId = UUID.randomUUID().toString();
    var context = new FunctionContext(name, requestId, System.nanoTime() + timeout.toNanos());
    FutureTask<O> call = new FutureTask<>(() -> handler.handleRequest(event, context));
    Thread.ofVirtual().name(name + "-" + requestId).start(call);
    try {
      return new Outcome.Returned<>(call.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
    } catch (ExecutionException failed) {
      log.atError()
          .addKeyValue("function", name)
          .addKeyValue("request", requestId)
          .setCause(failed.getCause())
          .log("function failed");
      return new Outcome.Failed<>(requestId);
    } catch (TimeoutException late) {
      log.atError()
          .addKeyValue("function", name)
          .addKeyValue("request", requestId)
          .addKeyValue("timeout", timeout)
          .log("function timed out");
      return new Outcome.TimedOut<>(requestId);
    } finally {
      call.cancel(true);
    }
  }
}
