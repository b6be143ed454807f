/** How long numbers are offline when their worker dies. */
@NullMarked
package dev.heliograph.bench.takeover;

import org.jspecify.annotations.NullMarked;
