/** Public events, born in journal entries. */
@NullMarked
package dev.heliograph.event;

import org.jspecify.annotations.NullMarked;
