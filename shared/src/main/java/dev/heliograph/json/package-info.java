/** JSON as we write it: one mapper, one form of time. */
@NullMarked
package dev.heliograph.json;

import org.jspecify.annotations.NullMarked;
