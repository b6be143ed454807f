package dev.heliograph.webhook;

import org.jspecify.annotations.Nullable;

/**
 * What a queue message says: look at this delivery.
 *
 * @param claim of an attempt under way that is the bearer's: the one that the delivery was born
 *     with, or one whose bearer is gone; null if whoever gets it has to begin one
 */
public record DeliveryRing(DeliveryId delivery, @Nullable String claim) {
  /** A ring for an attempt that is yet to begin. */
  static DeliveryRing of(DeliveryId delivery) {
    return new DeliveryRing(delivery, null);
  }
}
