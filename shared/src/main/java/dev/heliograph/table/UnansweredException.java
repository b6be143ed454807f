package dev.heliograph.table;

/** No answer came, or one that leaves open whether the call was done: timeout, 5xx, lost line. */
public final class UnansweredException extends NotAcknowledgedException {
  /** With what the client said. */
  public UnansweredException(Throwable cause) {
    super("AWS did not say whether it was done", cause);
  }
}
