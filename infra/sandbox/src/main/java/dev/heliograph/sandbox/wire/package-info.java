/** From WebSocket bytes to nodes and back: frames, Noise, binary XML. */
@NullMarked
package dev.heliograph.sandbox.wire;

import org.jspecify.annotations.NullMarked;
