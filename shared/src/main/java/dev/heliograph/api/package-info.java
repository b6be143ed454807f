/** What the HTTP API answers, whichever process it does it. */
@NullMarked
package dev.heliograph.api;

import org.jspecify.annotations.NullMarked;
