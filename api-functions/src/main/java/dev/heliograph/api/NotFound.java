package dev.heliograph.api;

/** What is answered for what is not there, or is somebody else's: the same. */
final class NotFound {
  private NotFound() {}

  static ApiException instance() {
    return ApiException.notFound("instance_not_found", "There is no such instance.");
  }

  static ApiException message() {
    return ApiException.notFound("message_not_found", "There is no such message.");
  }

  static ApiException webhook() {
    return ApiException.notFound("webhook_not_found", "There is no such webhook.");
  }
}
