/** Workers, the shards they hold and the sessions on them. */
@NullMarked
package dev.heliograph.fleet;

import org.jspecify.annotations.NullMarked;
