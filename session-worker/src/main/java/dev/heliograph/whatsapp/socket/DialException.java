package dev.heliograph.whatsapp.socket;

/** There is no connection. */
public final class DialException extends RuntimeException {
  public enum Reason {
    /** So many others connect at the moment that nobody was asked. */
    TOO_MANY,
    /** Nobody answered: no network, no name, no route, no TLS. WhatsApp has not spoken. */
    UNREACHABLE,
    /** The HTTP upgrade was refused for now (408 or 5xx). */
    UNAVAILABLE,
    /** The HTTP upgrade was refused otherwise. */
    REFUSED,
    /**
     * The socket opened, and then closed or stayed silent before the server's part of the handshake
     * was done.
     */
    NO_HANDSHAKE,
    /**
     * The server's part of the handshake is wrong: it is not who it says, or speaks something else.
     */
    NOT_WHATSAPP
  }

  private final Reason reason;

  public DialException(Reason reason, Throwable cause) {
    super(reason.name(), cause);
    this.reason = reason;
  }

  public DialException(Reason reason) {
    super(reason.name());
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  /** Whether something on the other side spoke: only then an attempt counts as one that failed. */
  public boolean isAnswered() {
    return reason != Reason.UNREACHABLE && reason != Reason.TOO_MANY;
  }
}
