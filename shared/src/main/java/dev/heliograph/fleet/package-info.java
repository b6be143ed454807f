/** Workers, shards and what was seen on them. */
@NullMarked
package dev.heliograph.fleet;

import org.jspecify.annotations.NullMarked;
