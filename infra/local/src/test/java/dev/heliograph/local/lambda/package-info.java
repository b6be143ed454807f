/** The functions as Lambda runs them: from their archive, by Lambda's own runtime interface. */
@org.jspecify.annotations.NullMarked
package dev.heliograph.local.lambda;
