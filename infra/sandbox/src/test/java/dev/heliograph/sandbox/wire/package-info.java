/** Clients that tests make of the sandbox's own parts, to send what no library would. */
@NullMarked
package dev.heliograph.sandbox.wire;

import org.jspecify.annotations.NullMarked;
