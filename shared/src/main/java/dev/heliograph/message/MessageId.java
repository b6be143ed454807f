package dev.heliograph.message;

import dev.heliograph.id.Ulids;
import dev.heliograph.instance.InstanceId;
import java.util.Optional;

/**
 * A message's id, derived from what WhatsApp knows it by so that a repeat lands on the same row:
 * {@code msg_} and a ULID.
 */
public record MessageId(String value) {
  private static final String PREFIX = "msg_";

  public MessageId {
    Ulids.check(PREFIX, value);
  }

  /** The id in {@code text}, or nothing if it is none of this kind. */
  public static Optional<MessageId> parse(String text) {
    return Ulids.isValid(PREFIX, text) ? Optional.of(new MessageId(text)) : Optional.empty();
  }

  /** Of a message that we send: one per WhatsApp message id. */
  public static MessageId outbound(InstanceId instance, String whatsappId) {
    return new MessageId(PREFIX + Ulids.derived("outbound", instance.value(), whatsappId));
  }

  /**
   * Of a message that we receive: WhatsApp ids are unique per chat and sender only.
   *
   * @param chat JID text without device
   * @param sender JID text without device
   */
  public static MessageId inbound(
      InstanceId instance, String chat, String sender, String whatsappId) {
    return new MessageId(
        PREFIX + Ulids.derived("inbound", instance.value(), chat, sender, whatsappId));
  }

  @Override
  public String toString() {
    return value;
  }
}
