/** Figures that CloudWatch reads off the log. */
@NullMarked
package dev.heliograph.cloudwatch;

import org.jspecify.annotations.NullMarked;
