package dev.heliograph.webhook;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.heliograph.function.Functions;
import dev.heliograph.function.Primed;
import dev.heliograph.table.Answers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the deliveries of a batch side by side, so that a slow endpoint holds up no other. A
 * message goes back to the queue only if we failed: that an endpoint did is on the delivery's row.
 */
public final class WebhookDeliveryHandler
    implements RequestHandler<SQSEvent, SQSBatchResponse>, Primed {
  private static final Logger log = LoggerFactory.getLogger(WebhookDeliveryHandler.class);

  private static final DeliveryRing FOR_NOTHING =
      DeliveryRing.of(new DeliveryId("dlv_" + "0".repeat(26)));

  private final DeliverySender sender;

  /** As Lambda makes it, from the process's environment. */
  public WebhookDeliveryHandler() {
    this(Functions.fromEnvironment().deliverySender());
    awaitSnapshot();
  }

  /** With everything given. */
  public WebhookDeliveryHandler(DeliverySender sender) {
    this.sender = sender;
  }

  @Override
  public SQSBatchResponse handleRequest(SQSEvent batch, Context context) {
    Map<String, Future<?>> sendings = new LinkedHashMap<>();
    // Closing it waits for all of them.
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (SQSMessage message : batch.getRecords()) {
        sendings.put(
            message.getMessageId(),
            threads.submit(() -> sender.send(DeliveryQueue.parse(message.getBody()))));
      }
    }
    List<BatchItemFailure> failures = new ArrayList<>();
    sendings.forEach(
        (message, sending) -> {
          if (hasFailed(sending)) {
            failures.add(new BatchItemFailure(message));
          }
        });
    return new SQSBatchResponse(failures);
  }

  /** A delivery that there is not: its claim is refused. */
  @Override
  public void prime() {
    sender.send(FOR_NOTHING);
  }

  private static boolean hasFailed(Future<?> sending) {
    try {
      sending.get();
      return false;
    } catch (ExecutionException e) {
      tell(e.getCause());
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** What AWS refuses does not pass by itself, as its silence does. */
  private static void tell(@Nullable Throwable failure) {
    if (failure instanceof RuntimeException unavailable && Answers.isUnavailable(unavailable)) {
      log.atWarn().addKeyValue("error", failure.toString()).log("delivery goes back to the queue");
    } else {
      log.atError().setCause(failure).log("delivery could not be worked on");
    }
  }
}
