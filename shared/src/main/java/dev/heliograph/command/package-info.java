/** The doorbell: queue messages that say where to look. */
@NullMarked
package dev.heliograph.command;

import org.jspecify.annotations.NullMarked;
