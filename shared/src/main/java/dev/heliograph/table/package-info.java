/** The one definition of every table and queue. */
@NullMarked
package dev.heliograph.table;

import org.jspecify.annotations.NullMarked;
