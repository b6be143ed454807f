package dev.heliograph.table;

/** DynamoDB refused for its load: the call is certainly not done. */
public final class ThrottledException extends NotAcknowledgedException {
  /** With what DynamoDB said. */
  public ThrottledException(Throwable cause) {
    super("DynamoDB throttled the call", cause);
  }
}
