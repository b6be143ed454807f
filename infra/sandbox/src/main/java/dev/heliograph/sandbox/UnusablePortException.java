package dev.heliograph.sandbox;

/** Nothing can listen on this port; the message tells the user which option is to be changed. */
public final class UnusablePortException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnusablePortException(String message) {
    super(message);
  }
}
