package dev.heliograph.webhook;

/**
 * An attempt at a delivery that was begun and not ended.
 *
 * @param delivery as it was when the attempt began
 * @param claim drawn for this attempt: once another one has begun, this one ends nothing
 */
record Attempt(Delivery delivery, String claim) {}
