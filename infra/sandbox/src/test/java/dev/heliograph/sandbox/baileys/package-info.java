/** Baileys, a client that others wrote: the witness that the sandbox speaks WhatsApp's protocol. */
@NullMarked
package dev.heliograph.sandbox.baileys;

import org.jspecify.annotations.NullMarked;
