/** The wiring of the Lambda functions. */
@NullMarked
package dev.heliograph.function;

import org.jspecify.annotations.NullMarked;
