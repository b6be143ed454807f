/** API keys, for an operator. */
@NullMarked
package dev.heliograph.account;

import org.jspecify.annotations.NullMarked;
