package dev.heliograph.api;

/** What is answered for what is not there, or is somebody else's: the same. */
public final class NotFound {
  private NotFound() {}

  /** For {@code instance_not_found}. */
  public static ApiException instance() {
    return ApiException.notFound("instance_not_found", "There is no such instance.");
  }

  /** For {@code message_not_found}. */
  public static ApiException message() {
    return ApiException.notFound("message_not_found", "There is no such message.");
  }

  /** For {@code webhook_not_found}. */
  public static ApiException webhook() {
    return ApiException.notFound("webhook_not_found", "There is no such webhook.");
  }
}
