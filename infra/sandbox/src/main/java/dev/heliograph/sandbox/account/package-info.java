/** Who exists: accounts, their devices, and the keys that devices publish. */
@NullMarked
package dev.heliograph.sandbox.account;

import org.jspecify.annotations.NullMarked;
