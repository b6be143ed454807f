/** The few primitives that WhatsApp's own protocols use outside of Signal. */
@NullMarked
package dev.heliograph.whatsapp.crypto;

import org.jspecify.annotations.NullMarked;
