package dev.heliograph.message;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** How far a message that we send has come. It only ever rises. */
public enum MessageStatus {
  /** Accepted by the API. */
  QUEUED,
  /** Its bytes are in the journal and may be on the wire. */
  SENDING,
  /** WhatsApp's server has it. */
  SENT,
  DELIVERED,
  READ,
  /** A voice message was listened to. */
  PLAYED,
  FAILED;

  /** The status called so in JSON and tables. */
  public static MessageStatus fromWire(String wire) {
    return valueOf(wire.toUpperCase(Locale.ROOT));
  }

  /** Its name in JSON and tables. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Whether a message that is this may become {@code next}. A failed one may not, but for {@link
   * Message#OUTCOME_UNKNOWN}, of which a late receipt still tells the outcome: the caller knows the
   * error.
   */
  public boolean mayRaiseTo(MessageStatus next) {
    return successors().contains(next);
  }

  private Set<MessageStatus> successors() {
    return switch (this) {
      case QUEUED -> EnumSet.of(SENDING, FAILED);
      case SENDING -> EnumSet.of(SENT, DELIVERED, READ, PLAYED, FAILED);
      case SENT -> EnumSet.of(DELIVERED, READ, PLAYED, FAILED);
      case DELIVERED -> EnumSet.of(READ, PLAYED);
      case READ -> EnumSet.of(PLAYED);
      case PLAYED, FAILED -> EnumSet.noneOf(MessageStatus.class);
    };
  }
}
