/** Customers' endpoints, and the deliveries of events to them. */
@NullMarked
package dev.heliograph.webhook;

import org.jspecify.annotations.NullMarked;
