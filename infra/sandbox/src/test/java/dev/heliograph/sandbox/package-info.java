/** The sandbox as its users see it, and clients that its tests and those of other modules drive. */
@NullMarked
package dev.heliograph.sandbox;

import org.jspecify.annotations.NullMarked;
