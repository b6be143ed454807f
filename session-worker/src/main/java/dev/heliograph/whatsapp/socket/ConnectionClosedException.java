package dev.heliograph.whatsapp.socket;

/** The connection is closed. */
public final class ConnectionClosedException extends RuntimeException {
  private final CloseReason reason;

  public ConnectionClosedException(CloseReason reason) {
    super(reason.name());
    this.reason = reason;
  }

  public CloseReason reason() {
    return reason;
  }
}
