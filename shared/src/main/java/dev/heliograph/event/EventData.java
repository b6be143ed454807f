package dev.heliograph.event;

import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.instance.PhoneNumber;
import dev.heliograph.instance.StatusReason;
import dev.heliograph.message.MessageBody;
import dev.heliograph.message.MessageId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What an event says beyond its envelope. {@link EventJson} has the shapes. */
public sealed interface EventData {

  /** A code to scan; an instance shows several in turn. */
  record QrShown(String raw, Instant expiresAt) implements EventData {
    @Override
    public String toString() {
      return "QrShown[expiresAt=" + expiresAt + "]";
    }
  }

  /** A transition to any status but {@code qr}. */
  record InstanceChanged(
      InstanceStatus status,
      @Nullable StatusReason reason,
      @Nullable PhoneNumber phoneNumber,
      @Nullable String lid)
      implements EventData {
    @Override
    public String toString() {
      return "InstanceChanged[%s, reason=%s]".formatted(status, reason);
    }
  }

  /**
   * The last event of an instance.
   *
   * @param unlinked whether WhatsApp was told; else the phone still lists the device
   */
  record InstanceDeleted(boolean unlinked) implements EventData {}

  /**
   * Whom a message comes from or goes to, as far as it is known.
   *
   * @param lid as a JID
   * @param pushName what the sender calls himself
   */
  record Contact(
      @Nullable PhoneNumber phoneNumber, @Nullable String lid, @Nullable String pushName) {
    @Override
    public String toString() {
      return "[contact]";
    }
  }

  /**
   * A message came in.
   *
   * @param chat a JID: the other party's, or a group's
   * @param timestamp when it was sent, as the sender's server says
   */
  record MessageReceived(
      MessageId message, Contact from, String chat, Instant timestamp, MessageBody body)
      implements EventData {
    @Override
    public String toString() {
      return "MessageReceived[%s, %s]".formatted(message, body);
    }
  }

  /** A message of ours was sent, delivered or read; the event's type tells which. */
  record MessageMoved(MessageId message, @Nullable String clientRef, Contact to, Instant timestamp)
      implements EventData {
    @Override
    public String toString() {
      return "MessageMoved[%s]".formatted(message);
    }
  }

  /**
   * A message of ours has failed, for good unless the error is {@code outcome_unknown}.
   *
   * @param error a stable code
   */
  record MessageFailed(
      MessageId message, @Nullable String clientRef, Contact to, Instant timestamp, String error)
      implements EventData {
    @Override
    public String toString() {
      return "MessageFailed[%s, %s]".formatted(message, error);
    }
  }

  /**
   * A message came in that could not be read ({@code message.undecryptable}) or that we have no
   * shape for ({@code message.unsupported}).
   *
   * @param reason a stable code
   */
  record MessageUnreadable(
      MessageId message, Contact from, String chat, Instant timestamp, String reason)
      implements EventData {
    @Override
    public String toString() {
      return "MessageUnreadable[%s, %s]".formatted(message, reason);
    }
  }
}
