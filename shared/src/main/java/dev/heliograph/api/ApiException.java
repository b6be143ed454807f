package dev.heliograph.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.json.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request that is answered with an error: the same one, whoever answers it. */
public final class ApiException extends RuntimeException {
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

  /** Nothing that could be read. */
  public static ApiException badRequest(String code, String message) {
    return new ApiException(400, code, message, null, Map.of());
  }

  /** A parameter of the query, or a header that stands for one, is not as it has to be. */
  public static ApiException invalidParameter(String name, String rule) {
    return new ApiException(
        400, "invalid_parameter", "%s %s.".formatted(name, rule), name, Map.of());
  }

  /** No key, or one that is nobody's. */
  public static ApiException unauthorized() {
    return new ApiException(
        401,
        "unauthorized",
        "Send a valid API key as: Authorization: Bearer hg_…",
        null,
        Map.of("WWW-Authenticate", "Bearer"));
  }

  /** What is not there, or is somebody else's. */
  public static ApiException notFound(String code, String message) {
    return new ApiException(404, code, message, null, Map.of());
  }

  /** The path is there for other methods. */
  public static ApiException methodNotAllowed(String allowed) {
    return new ApiException(
        405,
        "method_not_allowed",
        "This path takes " + allowed + ".",
        null,
        Map.of("Allow", allowed));
  }

  /** It cannot be done as things are. */
  public static ApiException conflict(String code, String message) {
    return new ApiException(409, code, message, null, Map.of());
  }

  /** A conflict that is likely to be over soon. */
  public static ApiException conflictFor(int seconds, String code, String message) {
    return new ApiException(
        409, code, message, null, Map.of("Retry-After", Integer.toString(seconds)));
  }

  /** The body has more bytes than this. */
  public static ApiException tooLarge(int limit) {
    return new ApiException(
        413,
        "payload_too_large",
        "A body may have at most %d bytes.".formatted(limit),
        null,
        Map.of());
  }

  /** The body is JSON, and still nothing that this route could take. */
  public static ApiException invalidBody(String message) {
    return new ApiException(422, "invalid_body", message, null, Map.of());
  }

  /**
   * A field of the body, or a header, is not as it has to be.
   *
   * @param field with the names of the objects around it: {@code body.text}
   */
  public static ApiException invalidField(String field, String rule) {
    return new ApiException(422, "invalid_field", "%s %s.".formatted(field, rule), field, Map.of());
  }

  /** What we rest on does not answer. Whether the request was done is open; it may be repeated. */
  public static ApiException unavailable() {
    return new ApiException(
        503,
        "unavailable",
        "The service is overloaded or down. Try again soon.",
        null,
        Map.of("Retry-After", "5"));
  }

  /** As many event streams as there may be are open. */
  public static ApiException tooManyStreams() {
    return new ApiException(
        503,
        "too_many_streams",
        "As many event streams are open as there may be. Try again soon.",
        null,
        Map.of("Retry-After", "5"));
  }

  /** A defect of ours: the log has what the caller must not see. */
  public static ApiException internalError() {
    return new ApiException(
        500, "internal_error", "Something went wrong on our side.", null, Map.of());
  }

  /** The body of the answer. */
  public ObjectNode toJson(String requestId) {
    ObjectNode error = Json.object().put("code", code).put("message", getMessage());
    if (field != null) {
      error.put("field", field);
    }
    error.put("request_id", requestId);
    return Json.object().set("error", error);
  }

  /** Of HTTP. */
  public int status() {
    return status;
  }

  /** What the answer carries beside its body. */
  public Map<String, String> headers() {
    return headers;
  }
}
