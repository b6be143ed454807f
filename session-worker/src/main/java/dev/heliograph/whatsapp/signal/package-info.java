/** End-to-end encryption with other devices, over records that the caller keeps. */
@NullMarked
package dev.heliograph.whatsapp.signal;

import org.jspecify.annotations.NullMarked;
