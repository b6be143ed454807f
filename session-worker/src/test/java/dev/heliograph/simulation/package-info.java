/**
 * Deterministic simulation: sessions, their storage and WhatsApp on one clock, with everything
 * going wrong that can, in an order that a seed decides.
 */
@NullMarked
package dev.heliograph.simulation;

import org.jspecify.annotations.NullMarked;
