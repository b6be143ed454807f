package dev.heliograph.instance;

import dev.heliograph.account.CustomerId;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.id.Ulids;
import java.util.Optional;

/** An instance's id: {@code inst_} and a ULID. */
public record InstanceId(String value) {
  private static final String PREFIX = "inst_";

  public InstanceId {
    Ulids.check(PREFIX, value);
  }

  /** A new one. */
  public static InstanceId draw(IdGenerator ids) {
    return new InstanceId(PREFIX + ids.ulid());
  }

  /** The one instance that requests under this key create, however often they are sent. */
  public static InstanceId ofIdempotencyKey(CustomerId customer, String key) {
    return new InstanceId(PREFIX + Ulids.derived("instance", customer.value(), key));
  }

  /** The id in {@code text}, or nothing if it is none of this kind. */
  public static Optional<InstanceId> parse(String text) {
    return Ulids.isValid(PREFIX, text) ? Optional.of(new InstanceId(text)) : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}
