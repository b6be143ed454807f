/** What can be made to go wrong, and what clients did wrong by themselves. */
@NullMarked
package dev.heliograph.sandbox.fault;

import org.jspecify.annotations.NullMarked;
