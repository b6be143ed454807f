/** One thread, one database, one commit for everything that was waiting. */
@NullMarked
package dev.heliograph.sandbox.store;

import org.jspecify.annotations.NullMarked;
