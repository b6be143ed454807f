package dev.heliograph.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request that is answered with an error; {@link ApiHandler} renders it. */
final class ApiException extends RuntimeException {
  private final int status;
  private final String code;
  private final @Nullable String field;
  private final transient Map<String, String> headers;

  private ApiException(
      int status,
      String code,
      String message,
      @Nullable String field,
      Map<String, String> headers) {
    super(message);
    this.status = status;
    this.code = code;
    this.field = field;
    this.headers = headers;
  }

  static ApiException badRequest(String code, String message) {
    return new ApiException(400, code, message, null, Map.of());
  }

  static ApiException unauthorized() {
    return new ApiException(
        401,
        "unauthorized",
        "Send a valid API key as: Authorization: Bearer hg_…",
        null,
        Map.of("WWW-Authenticate", "Bearer"));
  }

  static ApiException notFound(String code, String message) {
    return new ApiException(404, code, message, null, Map.of());
  }

  static ApiException methodNotAllowed(String allowed) {
    return new ApiException(
        405,
        "method_not_allowed",
        "This path takes " + allowed + ".",
        null,
        Map.of("Allow", allowed));
  }

  static ApiException conflict(String code, String message) {
    return new ApiException(409, code, message, null, Map.of());
  }

  /** A conflict that is likely to be over soon. */
  static ApiException conflictFor(int seconds, String code, String message) {
    return new ApiException(
        409, code, message, null, Map.of("Retry-After", Integer.toString(seconds)));
  }

  static ApiException tooLarge(int limit) {
    return new ApiException(
        413,
        "payload_too_large",
        "A body may have at most %d bytes.".formatted(limit),
        null,
        Map.of());
  }

  /** The body is JSON, and still nothing that this route could take. */
  static ApiException invalidBody(String message) {
    return new ApiException(422, "invalid_body", message, null, Map.of());
  }

  /**
   * A field of the body, or a header, is not as it has to be.
   *
   * @param field with the names of the objects around it: {@code body.text}
   */
  static ApiException invalidField(String field, String rule) {
    return new ApiException(422, "invalid_field", "%s %s.".formatted(field, rule), field, Map.of());
  }

  /** What we rest on does not answer. Whether the request was done is open; it may be repeated. */
  static ApiException unavailable() {
    return new ApiException(
        503,
        "unavailable",
        "The service is overloaded or down. Try again soon.",
        null,
        Map.of("Retry-After", "5"));
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  @Nullable String field() {
    return field;
  }

  Map<String, String> headers() {
    return headers;
  }
}
