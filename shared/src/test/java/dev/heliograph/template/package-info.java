/** {@code template.yaml}, and what it is held against. */
@NullMarked
package dev.heliograph.template;

import org.jspecify.annotations.NullMarked;
