package dev.heliograph.webhook;

import dev.heliograph.event.EventId;
import dev.heliograph.id.Ulids;

/** A delivery's id, derived so that fan-out that runs twice makes one: {@code dlv_} and a ULID. */
public record DeliveryId(String value) {
  private static final String PREFIX = "dlv_";

  public DeliveryId {
    Ulids.check(PREFIX, value);
  }

  /** The one delivery of an event to an endpoint. */
  public static DeliveryId of(EventId event, EndpointId endpoint) {
    return new DeliveryId(PREFIX + Ulids.derived("delivery", event.value(), endpoint.value()));
  }

  @Override
  public String toString() {
    return value;
  }
}
