/** How logs are written: their configuration is a resource of this name. */
@NullMarked
package dev.heliograph.log;

import org.jspecify.annotations.NullMarked;
