package dev.heliograph.webhook;

import org.jspecify.annotations.Nullable;

/**
 * What a queue message says: look at this delivery.
 *
 * @param claim of the attempt that the delivery was born with, which is whose message this is; null
 *     if whoever gets it has to begin one
 */
public record DeliveryRing(DeliveryId delivery, @Nullable String claim) {
  /** A ring for an attempt that is yet to begin. */
  static DeliveryRing of(DeliveryId delivery) {
    return new DeliveryRing(delivery, null);
  }
}
