package dev.heliograph.instance;

import java.util.Locale;

/** What the customer wants an instance to be; the owner of its shard makes it so. */
public enum Desired {
  /** Nothing was ever asked for. */
  NONE,
  /** Paired and connected. */
  RUNNING,
  /** Not connected; the pairing stays. */
  STOPPED,
  /** Unlinked at WhatsApp, and its auth-state wiped. */
  LOGGED_OUT,
  /** As {@link #LOGGED_OUT}, and gone. */
  DELETED;

  /** The wish called so in tables. */
  public static Desired fromWire(String wire) {
    return valueOf(wire.toUpperCase(Locale.ROOT));
  }

  /** Its name in tables. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
