/** What a worker leaves behind that is told to end. */
@NullMarked
package dev.heliograph.bench.stop;

import org.jspecify.annotations.NullMarked;
