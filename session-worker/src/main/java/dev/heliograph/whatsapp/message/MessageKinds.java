package dev.heliograph.whatsapp.message;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.ProtocolException;
import dev.heliograph.whatsapp.device.LidMapping;
import dev.heliograph.whatsapp.message.MessageContent.Empty;
import dev.heliograph.whatsapp.message.MessageContent.Housekeeping;
import dev.heliograph.whatsapp.message.MessageContent.Housekeeping.Kind;
import dev.heliograph.whatsapp.message.MessageContent.LidMappings;
import dev.heliograph.whatsapp.message.MessageContent.SenderKeyDistribution;
import dev.heliograph.whatsapp.message.MessageContent.Text;
import dev.heliograph.whatsapp.message.MessageContent.Unsupported;
import dev.heliograph.whatsapp.proto.FutureProofMessage;
import dev.heliograph.whatsapp.proto.LIDMigrationMapping;
import dev.heliograph.whatsapp.proto.LIDMigrationMappingSyncPayload;
import dev.heliograph.whatsapp.proto.Message;
import dev.heliograph.whatsapp.proto.ProtocolMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Tells what kind of message one is by which of its fields is there. */
final class MessageKinds {
  private static final int REVOKE = 0;
  private static final int EPHEMERAL_SETTING = 3;
  private static final int MESSAGE_EDIT = 14;

  /** What comes with the content and is none itself. */
  private static final Set<Integer> COMPANIONS =
      Set.of(
          Message.SENDER_KEY_DISTRIBUTION_MESSAGE_FIELD_NUMBER,
          Message.MESSAGE_CONTEXT_INFO_FIELD_NUMBER);

  /** Deeper than any client wraps. */
  private static final int MOST_WRAPPERS = 8;

  private MessageKinds() {}

  static MessageContent contentOf(Message message, boolean fromOwnAccount) {
    Message inner = unwrapped(message);
    if (inner.hasConversation()) return new Text(inner.getConversation());
    if (inner.hasExtendedTextMessage()) return new Text(inner.getExtendedTextMessage().getText());
    if (inner.hasProtocolMessage()) return protocol(inner.getProtocolMessage(), fromOwnAccount);
    Optional<FieldDescriptor> field =
        inner.getAllFields().keySet().stream()
            .filter(known -> !COMPANIONS.contains(known.getNumber()))
            .findFirst();
    if (field.isPresent()) return new Unsupported(name(field.get()));
    if (!inner.getUnknownFields().isEmpty()) return new Unsupported("unknown");
    return message.hasSenderKeyDistributionMessage() ? new SenderKeyDistribution() : new Empty();
  }

  private static Message unwrapped(Message message) {
    Message inner = message;
    for (int depth = 0; depth < MOST_WRAPPERS; depth++) {
      Optional<Message> wrapped = wrapped(inner);
      if (wrapped.isEmpty()) return inner;
      inner = wrapped.get();
    }
    throw new ProtocolException("a message in too many wrappers");
  }

  private static Optional<Message> wrapped(Message message) {
    return message.getAllFields().values().stream()
        .flatMap(
            value ->
                value instanceof FutureProofMessage wrapper && wrapper.hasMessage()
                    ? Stream.of(wrapper.getMessage())
                    : Stream.empty())
        .findFirst();
  }

  private static MessageContent protocol(ProtocolMessage message, boolean fromOwnAccount) {
    if (message.hasHistorySyncNotification()) return new Housekeeping(Kind.HISTORY_SYNC);
    if (message.hasAppStateSyncKeyShare()) return new Housekeeping(Kind.APP_STATE_KEYS);
    if (message.hasLidMigrationMappingSyncMessage()) {
      return fromOwnAccount ? lidMappings(message) : new Housekeeping(Kind.OTHER);
    }
    return switch (message.getType()) {
      case REVOKE -> message.hasKey() ? new Unsupported("revoke") : new Housekeeping(Kind.OTHER);
      case MESSAGE_EDIT -> new Unsupported("edit");
      case EPHEMERAL_SETTING -> new Housekeeping(Kind.EPHEMERAL_SETTING);
      default -> new Housekeeping(Kind.OTHER);
    };
  }

  private static MessageContent lidMappings(ProtocolMessage message) {
    try {
      var payload =
          LIDMigrationMappingSyncPayload.parseFrom(
              message.getLidMigrationMappingSyncMessage().getEncodedMappingPayload());
      List<LidMapping> mappings = new ArrayList<>();
      for (LIDMigrationMapping mapping : payload.getPnToLidMappingsList()) {
        long lid = mapping.getLatestLid() == 0 ? mapping.getAssignedLid() : mapping.getLatestLid();
        mappings.add(
            new LidMapping(
                Jid.pn(Long.toUnsignedString(mapping.getPn())),
                Jid.lid(Long.toUnsignedString(lid))));
      }
      return new LidMappings(mappings);
    } catch (InvalidProtocolBufferException malformed) {
      throw new ProtocolException("not a list of LIDs", malformed);
    }
  }

  /** {@code poll_creation_message_v3} is a {@code poll_creation}. */
  private static String name(FieldDescriptor field) {
    if (field.getName().startsWith("wrapper_")) return "unknown";
    return field.getName().replaceFirst("_message(_v\\d+)?(_extension)?$", "");
  }
}
