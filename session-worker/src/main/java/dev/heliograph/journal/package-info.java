/** The log that a session is the fold of: append, project, checkpoint, recover. */
@NullMarked
package dev.heliograph.journal;

import org.jspecify.annotations.NullMarked;
