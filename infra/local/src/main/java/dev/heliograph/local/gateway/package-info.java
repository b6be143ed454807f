/** API Gateway's HTTP API in front of a function. */
@NullMarked
package dev.heliograph.local.gateway;

import org.jspecify.annotations.NullMarked;
