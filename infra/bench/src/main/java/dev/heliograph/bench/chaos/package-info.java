/** Messages both ways while workers, links and the database fail, and the account of them. */
@NullMarked
package dev.heliograph.bench.chaos;

import org.jspecify.annotations.NullMarked;
