package dev.heliograph.whatsapp.message;

import com.google.protobuf.ByteString;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.proto.DeviceSentMessage;
import dev.heliograph.whatsapp.proto.Message;
import java.util.Optional;

/**
 * A text for one user.
 *
 * @param id fixed before it is first sent, and the same whenever it is sent again
 * @param to the user's LID; his number if he has none
 * @param pn his number, if {@code to} is a LID and the number is known
 */
public record OutboundText(String id, Jid to, Optional<Jid> pn, String text) {
  public OutboundText {
    if (to.device() != 0) throw new IllegalArgumentException("a chat is no device");
  }

  /** What the recipient's devices get. */
  ByteString content() {
    return message().toByteString();
  }

  /** What other devices of our own account get. */
  ByteString deviceSentContent() {
    return Message.newBuilder()
        .setDeviceSentMessage(
            DeviceSentMessage.newBuilder().setDestinationJid(to.text()).setMessage(message()))
        .build()
        .toByteString();
  }

  private Message message() {
    return Message.newBuilder().setConversation(text).build();
  }

  @Override
  public String toString() {
    return "OutboundText[" + id + "]";
  }
}
