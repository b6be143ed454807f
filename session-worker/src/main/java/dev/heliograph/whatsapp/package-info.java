/**
 * What WhatsApp Web's protocol is made of: addresses and nodes. The packages below are its layers.
 */
@NullMarked
package dev.heliograph.whatsapp;

import org.jspecify.annotations.NullMarked;
