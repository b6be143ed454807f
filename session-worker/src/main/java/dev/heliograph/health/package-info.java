/** What a worker answers to those who watch it from outside. */
@NullMarked
package dev.heliograph.health;

import org.jspecify.annotations.NullMarked;
