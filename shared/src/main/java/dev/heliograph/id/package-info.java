/** Identifiers: a prefix and a ULID, drawn or derived. */
@NullMarked
package dev.heliograph.id;

import org.jspecify.annotations.NullMarked;
