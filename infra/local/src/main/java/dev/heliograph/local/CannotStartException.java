package dev.heliograph.local;

/** Something on this machine is in the way; the message tells the user what, and what to do. */
final class CannotStartException extends RuntimeException {
  private static final long serialVersionUID = 1;

  CannotStartException(String message) {
    super(message);
  }
}
