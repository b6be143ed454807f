/** The encrypted transport: frames, the Noise handshake, the server's certificate. */
@NullMarked
package dev.heliograph.whatsapp.noise;

import org.jspecify.annotations.NullMarked;
