/** Events as customers read them from a worker: as a stream. */
@NullMarked
package dev.heliograph.event;

import org.jspecify.annotations.NullMarked;
