/** The sockets of clients. */
@NullMarked
package dev.heliograph.sandbox.connection;

import org.jspecify.annotations.NullMarked;
