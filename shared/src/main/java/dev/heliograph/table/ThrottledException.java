package dev.heliograph.table;

/** AWS refused for its load: the call is certainly not done. */
public final class ThrottledException extends NotAcknowledgedException {
  /** With what the service said. */
  public ThrottledException(Throwable cause) {
    super("AWS throttled the call", cause);
  }
}
