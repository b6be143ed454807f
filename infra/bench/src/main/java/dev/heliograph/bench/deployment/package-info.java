/**
 * A gateway, its workers and a WhatsApp, each in a process of its own, and what is done to them.
 */
@NullMarked
package dev.heliograph.bench.deployment;

import org.jspecify.annotations.NullMarked;
