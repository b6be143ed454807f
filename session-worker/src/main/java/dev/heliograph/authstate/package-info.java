/** Auth-state: what one pairing of one instance must remember, sealed. */
@NullMarked
package dev.heliograph.authstate;

import org.jspecify.annotations.NullMarked;
