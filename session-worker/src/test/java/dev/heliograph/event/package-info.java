@NullMarked
package dev.heliograph.event;

import org.jspecify.annotations.NullMarked;
