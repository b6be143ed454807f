package dev.heliograph.api;

import java.util.Optional;

/** The name that a caller may give a request, so that sending it again changes nothing. */
final class IdempotencyKey {
  private static final String HEADER = "Idempotency-Key";
  private static final int MAX_LENGTH = 255;

  private IdempotencyKey() {}

  static Optional<String> of(ApiRequest request) {
    return request.header(HEADER).map(key -> Texts.check(HEADER, key, MAX_LENGTH));
  }

  /** The name is that of a request that asked for something else. */
  static ApiException reused() {
    return ApiException.conflict(
        "idempotency_key_reused", "Another request had this Idempotency-Key.");
  }
}
