package dev.heliograph.json;

/** A text is not one JSON value. Its message says where, and quotes nothing. */
public final class MalformedJsonException extends RuntimeException {
  MalformedJsonException(String message) {
    super(message);
  }
}
