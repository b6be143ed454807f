/** The gateway from outside: its public API, its webhooks, and the phones at the other end. */
@NullMarked
package dev.heliograph.local.e2e;

import org.jspecify.annotations.NullMarked;
