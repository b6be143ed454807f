/** How long the functions take to start. */
@NullMarked
package dev.heliograph.bench.functions;

import org.jspecify.annotations.NullMarked;
