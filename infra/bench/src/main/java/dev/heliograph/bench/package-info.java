/** The bench's commands. */
@NullMarked
package dev.heliograph.bench;

import org.jspecify.annotations.NullMarked;
