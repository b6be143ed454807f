package dev.heliograph.table;

/** A call to AWS that did not end in an answer; what a caller may do depends on which kind. */
public abstract sealed class NotAcknowledgedException extends RuntimeException
    permits UnansweredException, ThrottledException {
  NotAcknowledgedException(String message, Throwable cause) {
    super(message, cause);
  }
}
