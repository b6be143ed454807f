/** Who has which devices, under which addresses, and the keys to begin a session with one. */
@NullMarked
package dev.heliograph.whatsapp.device;

import org.jspecify.annotations.NullMarked;
