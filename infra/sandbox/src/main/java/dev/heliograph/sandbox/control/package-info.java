/** The HTTP API that plays the people who hold the phones. */
@NullMarked
package dev.heliograph.sandbox.control;

import org.jspecify.annotations.NullMarked;
