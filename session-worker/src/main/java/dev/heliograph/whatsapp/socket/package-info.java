/** One connection to WhatsApp. */
@NullMarked
package dev.heliograph.whatsapp.socket;

import org.jspecify.annotations.NullMarked;
