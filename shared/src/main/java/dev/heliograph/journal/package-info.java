/** The journal: the append-only log that every session is the fold of. */
@NullMarked
package dev.heliograph.journal;

import org.jspecify.annotations.NullMarked;
