/** A WhatsApp Web server on loopback, with virtual phones: how it is started and stopped. */
@NullMarked
package dev.heliograph.sandbox;

import org.jspecify.annotations.NullMarked;
