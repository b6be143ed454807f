package dev.heliograph.instance;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What an instance is, as customers see it. */
public enum InstanceStatus {
  /** Nobody has asked for a connection, or what was asked for has ended without one. */
  PENDING,
  /** A QR code waits to be scanned. */
  QR,
  /** WhatsApp has answered: a start, a pairing or a login is under way. */
  CONNECTING,
  CONNECTED,
  /** Down, with a pairing to come back with. */
  DISCONNECTED,
  /** Down until somebody does something about it. */
  FAILED;

  /** The status called so in JSON and tables. */
  public static InstanceStatus fromWire(String wire) {
    return valueOf(wire.toUpperCase(Locale.ROOT));
  }

  /** Its name in JSON and tables. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What it may follow. No other place knows the transitions. */
  public Set<InstanceStatus> predecessors() {
    return switch (this) {
      case PENDING -> EnumSet.of(QR, CONNECTING, CONNECTED, DISCONNECTED, FAILED);
      case QR -> EnumSet.of(CONNECTING);
      case CONNECTING -> EnumSet.of(PENDING, QR, DISCONNECTED, FAILED);
      case CONNECTED -> EnumSet.of(CONNECTING);
      case DISCONNECTED -> EnumSet.of(CONNECTED, CONNECTING);
      case FAILED -> EnumSet.of(QR, CONNECTING, CONNECTED, DISCONNECTED);
    };
  }

  /** Whether an instance that is {@code current} may become this. */
  public boolean mayFollow(InstanceStatus current) {
    return predecessors().contains(current);
  }
}
