/** How long tests wait for what happens elsewhere. */
@NullMarked
package dev.heliograph.patience;

import org.jspecify.annotations.NullMarked;
