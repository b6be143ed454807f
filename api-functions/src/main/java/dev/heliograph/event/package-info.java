/** Events: fan-out from the journal's stream. */
@NullMarked
package dev.heliograph.event;

import org.jspecify.annotations.NullMarked;
