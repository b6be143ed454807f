package dev.heliograph.account;

import java.time.Instant;

/** A tenant: everything belongs to one, and nobody sees another's. */
public record Customer(CustomerId id, String name, Instant createdAt) {
  /** Without the name: personal data. */
  @Override
  public String toString() {
    return "Customer[" + id + "]";
  }
}
