package dev.heliograph.webhook;

import dev.heliograph.json.Json;
import dev.heliograph.table.Queues;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** Tells webhook-delivery where to look: {@code {"delivery":"dlv_…"}}. */
public final class DeliveryQueue {
  /** What SQS delays a message by at most. */
  static final Duration MAX_DELAY = Duration.ofMinutes(15);

  private static final int BATCH_LIMIT = 10;
  private static final String DELIVERY = "delivery";

  private final SqsClient sqs;
  private final String queue;
  private volatile @Nullable String url;

  /** Over the deployment whose queues start with {@code prefix}. */
  public DeliveryQueue(SqsClient sqs, String prefix) {
    this.sqs = sqs;
    this.queue = Queues.WEBHOOK_DELIVERIES.in(prefix);
  }

  /** The delivery that a message's body names. */
  static DeliveryId parse(String body) {
    return new DeliveryId(Json.read(body).path(DELIVERY).asText());
  }

  /**
   * Rings for each of the deliveries.
   *
   * @return those that SQS did not take; an SDK's exception says that it is not known which
   */
  public Set<DeliveryId> ring(List<DeliveryId> deliveries) {
    Set<DeliveryId> refused = new HashSet<>();
    for (int from = 0; from < deliveries.size(); from += BATCH_LIMIT) {
      int to = Math.min(deliveries.size(), from + BATCH_LIMIT);
      refused.addAll(ringBatch(deliveries.subList(from, to)));
    }
    return refused;
  }

  /** Rings after a while of at most {@link #MAX_DELAY}, or now if that is past. */
  void ringAfter(Duration delay, DeliveryId delivery) {
    // Rounded up: a ring before its time is in vain.
    int seconds = (int) Math.ceilDiv(Math.max(0, delay.toMillis()), 1000);
    sqs.sendMessage(send -> send.queueUrl(url()).messageBody(body(delivery)).delaySeconds(seconds));
  }

  /** Learns where the queue is, which the first ring has to otherwise. */
  public void find() {
    url();
  }

  private List<DeliveryId> ringBatch(List<DeliveryId> deliveries) {
    List<SendMessageBatchRequestEntry> entries = new ArrayList<>();
    for (DeliveryId delivery : deliveries) {
      entries.add(
          SendMessageBatchRequestEntry.builder()
              .id(Integer.toString(entries.size()))
              .messageBody(body(delivery))
              .build());
    }
    return sqs.sendMessageBatch(send -> send.queueUrl(url()).entries(entries)).failed().stream()
        .map(BatchResultErrorEntry::id)
        .map(id -> deliveries.get(Integer.parseInt(id)))
        .toList();
  }

  private static String body(DeliveryId delivery) {
    return Json.write(Json.object().put(DELIVERY, delivery.value()));
  }

  private String url() {
    String known = url;
    if (known == null) {
      known = sqs.getQueueUrl(get -> get.queueName(queue)).queueUrl();
      url = known;
    }
    return known;
  }
}
