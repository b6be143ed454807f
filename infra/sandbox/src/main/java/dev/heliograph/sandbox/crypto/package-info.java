/** The few primitives that WhatsApp is built of. */
@NullMarked
package dev.heliograph.sandbox.crypto;

import org.jspecify.annotations.NullMarked;
