package dev.heliograph.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

/** Tells webhook-delivery where to look: {@code {"delivery":"dlv_…"}}, or with a claim. */
public final class DeliveryQueue {
  /** What SQS delays a message by at most. */
  static final Duration MAX_DELAY = Duration.ofMinutes(15);

  private static final int BATCH_LIMIT = 10;
  private static final String DELIVERY = "delivery";
  private static final String CLAIM = "claim";

  private final SqsClient sqs;
  private final String queue;
  private volatile @Nullable String url;

  /** Over the deployment whose queues start with {@code prefix}. */
  public DeliveryQueue(SqsClient sqs, String prefix) {
    this.sqs = sqs;
    this.queue = Queues.WEBHOOK_DELIVERIES.in(prefix);
  }

  /** The ring that a message's body is. */
  static DeliveryRing parse(String body) {
    JsonNode json = Json.read(body);
    JsonNode claim = json.path(CLAIM);
    return new DeliveryRing(
        new DeliveryId(json.path(DELIVERY).asText()), claim.isTextual() ? claim.asText() : null);
  }

  /**
   * Rings all of them.
   *
   * @return those that SQS did not take; an SDK's exception says that it is not known which
   */
  public Set<DeliveryRing> ring(List<DeliveryRing> rings) {
    Set<DeliveryRing> refused = new HashSet<>();
    for (int from = 0; from < rings.size(); from += BATCH_LIMIT) {
      int to = Math.min(rings.size(), from + BATCH_LIMIT);
      refused.addAll(ringBatch(rings.subList(from, to)));
    }
    return refused;
  }

  /** Rings after a while of at most {@link #MAX_DELAY}, or now if that is past. */
  void ringAfter(Duration delay, DeliveryRing ring) {
    // Rounded up: a ring before its time is in vain.
    int seconds = (int) Math.ceilDiv(Math.max(0, delay.toMillis()), 1000);
    sqs.sendMessage(send -> send.queueUrl(url()).messageBody(body(ring)).delaySeconds(seconds));
  }

  /** Learns where the queue is, which the first ring has to otherwise. */
  public void find() {
    url();
  }

  private List<DeliveryRing> ringBatch(List<DeliveryRing> rings) {
    List<SendMessageBatchRequestEntry> entries = new ArrayList<>();
    for (DeliveryRing ring : rings) {
      entries.add(
          SendMessageBatchRequestEntry.builder()
              .id(Integer.toString(entries.size()))
              .messageBody(body(ring))
              .build());
    }
    return sqs.sendMessageBatch(send -> send.queueUrl(url()).entries(entries)).failed().stream()
        .map(BatchResultErrorEntry::id)
        .map(id -> rings.get(Integer.parseInt(id)))
        .toList();
  }

  private static String body(DeliveryRing ring) {
    ObjectNode json = Json.object().put(DELIVERY, ring.delivery().value());
    if (ring.claim() != null) {
      json.put(CLAIM, ring.claim());
    }
    return Json.write(json);
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
