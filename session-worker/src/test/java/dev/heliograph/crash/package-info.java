/**
 * Crashes: a session over real tables and the sandbox dies after each of its writes and sends, one
 * after the other, and the next owner goes on.
 */
@NullMarked
package dev.heliograph.crash;

import org.jspecify.annotations.NullMarked;
