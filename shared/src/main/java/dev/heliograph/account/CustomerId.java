package dev.heliograph.account;

import dev.heliograph.id.IdGenerator;
import dev.heliograph.id.Ulids;
import java.util.Optional;

/** A customer's id: {@code cust_} and a ULID. */
public record CustomerId(String value) {
  private static final String PREFIX = "cust_";

  public CustomerId {
    Ulids.check(PREFIX, value);
  }

  /** A new one. */
  public static CustomerId draw(IdGenerator ids) {
    return new CustomerId(PREFIX + ids.ulid());
  }

  /** The id in {@code text}, or nothing if it is none of this kind. */
  public static Optional<CustomerId> parse(String text) {
    return Ulids.isValid(PREFIX, text) ? Optional.of(new CustomerId(text)) : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}
