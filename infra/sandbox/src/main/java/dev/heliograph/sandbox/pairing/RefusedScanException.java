package dev.heliograph.sandbox.pairing;

/** A scan that links nothing. */
public final class RefusedScanException extends RuntimeException {
  private final Reason reason;

  public RefusedScanException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Why. */
  public enum Reason {
    /** The text is not that of a QR code of WhatsApp Web. */
    QR_MALFORMED,
    /** No connected client shows this code. */
    QR_UNKNOWN,
    /** The code was shown, but now another one is. */
    QR_EXPIRED,
    /** The code was scanned before. */
    QR_USED,
    /** The keys in the code are not those of the client that was given the ref. */
    QR_FORGED,
    /** The companion did not believe the phone. */
    COMPANION_REFUSED,
    /** The companion answered with a signature that does not verify. */
    DEVICE_SIGNATURE_WRONG,
    /** The companion went away before it had answered. */
    COMPANION_GONE
  }

  public Reason reason() {
    return reason;
  }
}
