package dev.heliograph.whatsapp.socket;

/** WhatsApp did not answer an iq in time. */
public final class IqTimeoutException extends RuntimeException {
  public IqTimeoutException() {
    super("no answer in time");
  }
}
