/** The HTTP API: routes, what they take and what they answer. */
@NullMarked
package dev.heliograph.api;

import org.jspecify.annotations.NullMarked;
