package dev.heliograph.event;

import java.util.Arrays;
import java.util.Optional;

/** What customers are told of. */
public enum EventType {
  INSTANCE_QR("instance.qr"),
  INSTANCE_CONNECTING("instance.connecting"),
  INSTANCE_CONNECTED("instance.connected"),
  INSTANCE_DISCONNECTED("instance.disconnected"),
  INSTANCE_FAILED("instance.failed"),
  /** Back to the beginning: no pairing, nothing asked for. */
  INSTANCE_PENDING("instance.pending"),
  INSTANCE_DELETED("instance.deleted"),
  MESSAGE_RECEIVED("message.received"),
  MESSAGE_SENT("message.sent"),
  MESSAGE_DELIVERED("message.delivered"),
  MESSAGE_READ("message.read"),
  MESSAGE_FAILED("message.failed"),
  /** Somebody sent something that stayed unreadable after its retries. */
  MESSAGE_UNDECRYPTABLE("message.undecryptable"),
  /** Somebody sent something that we have no shape for. */
  MESSAGE_UNSUPPORTED("message.unsupported");

  private final String wire;

  EventType(String wire) {
    this.wire = wire;
  }

  /** The type called so in JSON and tables, if there is one. */
  public static Optional<EventType> parse(String wire) {
    return Arrays.stream(values()).filter(type -> type.wire.equals(wire)).findFirst();
  }

  /** Its name in JSON and tables. */
  public String wire() {
    return wire;
  }
}
