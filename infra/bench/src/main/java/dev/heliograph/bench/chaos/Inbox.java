package dev.heliograph.bench.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.local.e2e.WebhookReceiver.Delivery;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What has come by webhook: each event once, however often it came. */
final class Inbox {
  private final Map<String, Event> events = new ConcurrentHashMap<>();
  private final AtomicLong requests = new AtomicLong();

  /**
   * An event.
   *
   * @param subject the text that was received, or the reference of the one that was sent
   * @param reason of a failure or a status; empty if there is none
   */
  record Event(
      String id,
      String type,
      String instance,
      long sequence,
      String subject,
      String reason,
      String timestamp) {
    boolean isStatus() {
      return type.startsWith("instance.");
    }
  }

  void add(Delivery delivery) {
    requests.incrementAndGet();
    JsonNode data = delivery.data();
    String received = data.path("body").path("text").asText();
    events.putIfAbsent(
        delivery.webhookId(),
        new Event(
            delivery.webhookId(),
            delivery.type(),
            delivery.event().path("instance_id").asText(),
            delivery.sequence(),
            received.isEmpty() ? data.path("client_ref").asText() : received,
            firstOf(data, List.of("status_reason", "error", "reason")),
            delivery.event().path("timestamp").asText()));
  }

  private static String firstOf(JsonNode data, List<String> fields) {
    return fields.stream()
        .map(field -> data.path(field).asText(""))
        .filter(text -> !text.isEmpty())
        .findFirst()
        .orElse("");
  }

  Collection<Event> events() {
    return events.values();
  }

  /** How many requests came, repeats included. */
  long requests() {
    return requests.get();
  }
}
