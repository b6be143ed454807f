/** Customers and what they may do. */
@NullMarked
package dev.heliograph.account;

import org.jspecify.annotations.NullMarked;
