package dev.heliograph.instance;

import java.util.Locale;

/** Why an instance is what it is. */
public enum StatusReason {
  /** All QR codes of an attempt ran out unscanned. */
  QR_TIMEOUT,
  /** WhatsApp refused what the scan had agreed on. */
  PAIRING_FAILED,
  /** The device was unlinked, on the phone or by WhatsApp. */
  LOGGED_OUT,
  BANNED,
  TEMPORARILY_BANNED,
  /** WhatsApp locked the account until its owner confirms it on the phone. */
  ACCOUNT_LOCKED,
  /** Somebody else logs in with the same credentials. */
  REPLACED,
  /** WhatsApp accepts this client's version no longer. */
  CLIENT_OUTDATED,
  /** WhatsApp answered, and refused, too often in a row. */
  RETRIES_EXHAUSTED,
  CONNECTION_LOST,
  /** WhatsApp ended the stream with an error of its own. */
  SERVER_ERROR,
  /** The customer asked for it. */
  REQUESTED,
  /** No worker looks after the instance at the moment; computed on read and never stored. */
  NO_WORKER;

  /** The reason called so in JSON and tables. */
  public static StatusReason fromWire(String wire) {
    return valueOf(wire.toUpperCase(Locale.ROOT));
  }

  /** Its name in JSON and tables. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
