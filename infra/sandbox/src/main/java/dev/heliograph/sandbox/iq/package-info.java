/** The questions that clients ask, and the answers. */
@NullMarked
package dev.heliograph.sandbox.iq;

import org.jspecify.annotations.NullMarked;
