package dev.heliograph.webhook;

import java.util.Locale;

/** What has become of a delivery. */
public enum DeliveryStatus {
  /** Waits for its next attempt, or is in one. */
  PENDING,
  DELIVERED,
  /** The last attempt has failed, and there will be no other. */
  EXHAUSTED,
  /** Its endpoint, or its event, is gone. */
  CANCELLED;

  /** The status called so in tables. */
  static DeliveryStatus fromWire(String wire) {
    return valueOf(wire.toUpperCase(Locale.ROOT));
  }

  /** Its name in tables. */
  String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
