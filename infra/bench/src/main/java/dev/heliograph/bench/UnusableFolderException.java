package dev.heliograph.bench;

/** A run cannot keep its data where it was told to; the message says why. */
final class UnusableFolderException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnusableFolderException(String message) {
    super(message);
  }
}
