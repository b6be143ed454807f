package dev.heliograph.webhook;

import dev.heliograph.account.CustomerId;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.id.Ulids;
import java.util.Optional;

/** A webhook endpoint's id: {@code whep_} and a ULID. */
public record EndpointId(String value) {
  private static final String PREFIX = "whep_";

  public EndpointId {
    Ulids.check(PREFIX, value);
  }

  /** A new one. */
  public static EndpointId draw(IdGenerator ids) {
    return new EndpointId(PREFIX + ids.ulid());
  }

  /** The one endpoint that requests under this key create, however often they are sent. */
  public static EndpointId ofIdempotencyKey(CustomerId customer, String key) {
    return new EndpointId(PREFIX + Ulids.derived("endpoint", customer.value(), key));
  }

  /** The id in {@code text}, or nothing if it is none of this kind. */
  public static Optional<EndpointId> parse(String text) {
    return Ulids.isValid(PREFIX, text) ? Optional.of(new EndpointId(text)) : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}
