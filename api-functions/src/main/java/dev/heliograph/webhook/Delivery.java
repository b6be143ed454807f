package dev.heliograph.webhook;

import dev.heliograph.account.CustomerId;
import dev.heliograph.event.EventId;
import dev.heliograph.event.StoredEvent;
import dev.heliograph.instance.InstanceId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One event on its way to one endpoint. The event's text is in the table of events.
 *
 * @param attempts how many have ended; one that failed on our side alone has not
 * @param nextAttemptAt nobody may begin one before
 * @param lastError why the last attempt failed: a stable code
 */
public record Delivery(
    DeliveryId id,
    CustomerId customer,
    EndpointId endpoint,
    InstanceId instance,
    long sequence,
    EventId event,
    DeliveryStatus status,
    int attempts,
    Instant createdAt,
    Instant nextAttemptAt,
    @Nullable String lastError) {

  /** Of an event that nobody has tried to deliver yet. */
  public static Delivery of(StoredEvent event, EndpointId endpoint, Instant now) {
    return new Delivery(
        DeliveryId.of(event.id(), endpoint),
        event.customer(),
        endpoint,
        event.instance(),
        event.sequence(),
        event.id(),
        DeliveryStatus.PENDING,
        0,
        now,
        now,
        null);
  }
}
