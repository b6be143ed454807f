package dev.heliograph.authstate;

/** A sealed value does not open: wrong key, wrong place, or changed bytes. */
public final class UnsealException extends RuntimeException {
  UnsealException(String message) {
    super(message);
  }
}
