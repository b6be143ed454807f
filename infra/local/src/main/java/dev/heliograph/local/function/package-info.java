/** Lambda functions, called as Lambda calls them. */
@NullMarked
package dev.heliograph.local.function;

import org.jspecify.annotations.NullMarked;
