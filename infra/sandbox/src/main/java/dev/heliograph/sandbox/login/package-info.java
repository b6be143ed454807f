/** Linked companions: how they come in, and who answers what they send. */
@NullMarked
package dev.heliograph.sandbox.login;

import org.jspecify.annotations.NullMarked;
