package dev.heliograph.sandbox.wire;

/** A client's bytes do not make sense. The message names what is wrong and quotes nothing. */
public final class MalformedStanzaException extends RuntimeException {
  public MalformedStanzaException(String message) {
    super(message);
  }
}
