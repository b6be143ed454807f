/** A session: one number's actor, from its mailbox to its socket. */
@NullMarked
package dev.heliograph.session;

import org.jspecify.annotations.NullMarked;
