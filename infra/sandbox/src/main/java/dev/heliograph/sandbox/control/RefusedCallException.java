package dev.heliograph.sandbox.control;

/** A call that is answered with an error. */
final class RefusedCallException extends RuntimeException {
  private final int status;
  private final String code;

  RefusedCallException(int status, String code, String message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  String explanation() {
    return getMessage() == null ? "" : getMessage();
  }
}
