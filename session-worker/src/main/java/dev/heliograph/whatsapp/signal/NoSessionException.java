package dev.heliograph.whatsapp.signal;

/** There is no session to encrypt with: fetch a bundle and process it first. */
public final class NoSessionException extends RuntimeException {
  public NoSessionException() {
    super("no session with the device");
  }
}
