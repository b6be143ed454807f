/** Messages: the rows that the API reads and a session moves on. */
@NullMarked
package dev.heliograph.message;

import org.jspecify.annotations.NullMarked;
