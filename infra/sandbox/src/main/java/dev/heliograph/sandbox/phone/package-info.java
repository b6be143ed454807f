/** Virtual phones: what a person's primary device does, for real. */
@NullMarked
package dev.heliograph.sandbox.phone;

import org.jspecify.annotations.NullMarked;
