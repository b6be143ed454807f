/** Messages, their receipts and acks, in and out. */
@NullMarked
package dev.heliograph.whatsapp.message;

import org.jspecify.annotations.NullMarked;
