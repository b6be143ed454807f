/** What WhatsApp and its linked devices tell each other about the connection itself. */
@NullMarked
package dev.heliograph.whatsapp.stream;

import org.jspecify.annotations.NullMarked;
