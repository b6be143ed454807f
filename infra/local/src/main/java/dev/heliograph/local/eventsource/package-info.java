/** Lambda's event-source mappings: what feeds queues, streams and schedules to functions. */
@NullMarked
package dev.heliograph.local.eventsource;

import org.jspecify.annotations.NullMarked;
