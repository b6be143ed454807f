/** Configuration from the environment, with all problems reported together. */
@NullMarked
package dev.heliograph.config;

import org.jspecify.annotations.NullMarked;
