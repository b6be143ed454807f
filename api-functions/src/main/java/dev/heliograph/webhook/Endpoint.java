package dev.heliograph.webhook;

import dev.heliograph.account.CustomerId;
import dev.heliograph.event.EventType;
import java.time.Instant;
import java.util.List;

/**
 * A customer's webhook.
 *
 * @param events the types it gets, by their names, as a later version may know more of them; none:
 *     all there are and will be
 * @param secret sealed: see {@link SecretSeal}
 */
public record Endpoint(
    EndpointId id,
    CustomerId customer,
    EndpointUrl url,
    List<String> events,
    SealedSecret secret,
    Instant createdAt) {

  public Endpoint {
    events = List.copyOf(events);
  }

  /** Whether it gets events of this type. */
  public boolean wants(EventType type) {
    return events.isEmpty() || events.contains(type.wire());
  }
}
