/** Auth-state: the sealed records of one pairing of one instance. */
@NullMarked
package dev.heliograph.authstate;

import org.jspecify.annotations.NullMarked;
