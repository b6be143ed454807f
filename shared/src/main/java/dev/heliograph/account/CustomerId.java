package dev.heliograph.account;

import dev.heliograph.id.IdGenerator;
import dev.heliograph.id.Ulids;

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

  @Override
  public String toString() {
    return value;
  }
}
