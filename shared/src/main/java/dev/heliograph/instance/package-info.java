/** Instances: one WhatsApp number each. */
@NullMarked
package dev.heliograph.instance;

import org.jspecify.annotations.NullMarked;
