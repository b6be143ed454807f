package dev.heliograph.whatsapp.message;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.ProtocolException;
import dev.heliograph.whatsapp.device.LidMapping;
import dev.heliograph.whatsapp.proto.DeviceSentMessage;
import dev.heliograph.whatsapp.proto.Message;
import java.util.List;

/** What a decrypted message says. */
public sealed interface MessageContent {
  record Text(String text) implements MessageContent {
    @Override
    public String toString() {
      return "Text[]";
    }
  }

  /** A copy of what another device of our own account has sent. */
  record DeviceSent(Jid chat, MessageContent content) implements MessageContent {}

  /** Nothing but a sender key of a group. */
  record SenderKeyDistribution() implements MessageContent {}

  /** Housekeeping between devices, for nobody to see. */
  record Housekeeping(Kind kind) implements MessageContent {
    public enum Kind {
      /** Answered by a receipt of its own. */
      HISTORY_SYNC,
      APP_STATE_KEYS,
      EPHEMERAL_SETTING,
      OTHER
    }
  }

  /** Our phone tells numbers and their LIDs. */
  record LidMappings(List<LidMapping> mappings) implements MessageContent {
    public LidMappings {
      mappings = List.copyOf(mappings);
    }
  }

  /**
   * A message for a human that we cannot show.
   *
   * @param kind in snake case, such as {@code image}, {@code revoke}, {@code poll}; {@code unknown}
   *     if we have no name for it
   */
  record Unsupported(String kind) implements MessageContent {}

  /** There is nothing in it. */
  record Empty() implements MessageContent {}

  /**
   * Reads a plaintext.
   *
   * @param fromOwnAccount whether one of our own account's devices sent it: only they can tell what
   *     we have sent
   * @throws ProtocolException if it is no message at all
   */
  static MessageContent parse(ByteString plaintext, boolean fromOwnAccount) {
    try {
      return parse(Message.parseFrom(plaintext), fromOwnAccount);
    } catch (InvalidProtocolBufferException malformed) {
      throw new ProtocolException("not a message", malformed);
    }
  }

  private static MessageContent parse(Message message, boolean fromOwnAccount) {
    if (!message.hasDeviceSentMessage()) return MessageKinds.contentOf(message, fromOwnAccount);
    if (!fromOwnAccount) return new Unsupported("device_sent");
    DeviceSentMessage sent = message.getDeviceSentMessage();
    return new DeviceSent(
        Jid.parse(sent.getDestinationJid()).unhosted().bare(),
        MessageKinds.contentOf(sent.getMessage(), true));
  }
}
