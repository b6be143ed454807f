package dev.heliograph.api;

import dev.heliograph.account.CustomerId;

/** What a route does: parses what it is sent, acts for the customer, answers. */
@FunctionalInterface
interface Action {
  ApiResponse act(CustomerId customer, PathParameters path, ApiRequest request);
}
