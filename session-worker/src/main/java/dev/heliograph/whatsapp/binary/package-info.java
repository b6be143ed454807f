/** Nodes as bytes. */
@NullMarked
package dev.heliograph.whatsapp.binary;

import org.jspecify.annotations.NullMarked;
