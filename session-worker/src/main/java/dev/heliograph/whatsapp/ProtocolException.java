package dev.heliograph.whatsapp;

/**
 * What the other side sent makes no sense. The only exception that bytes from the network can cause
 * in these packages. Its message names what was expected and never repeats what came.
 */
public final class ProtocolException extends RuntimeException {
  public ProtocolException(String message) {
    super(message);
  }

  public ProtocolException(String message, Throwable cause) {
    super(message, cause);
  }
}
