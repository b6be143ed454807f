package dev.heliograph.whatsapp.message;

import com.google.protobuf.ByteString;
import dev.heliograph.whatsapp.Jid;
import java.util.List;

/**
 * A message as it goes over the wire. Sent again it must be these very bytes: they hold ratchet
 * steps.
 *
 * @param skipped devices that there is no session with: they do not get it
 */
public record EncodedMessage(ByteString stanza, List<Jid> skipped) {
  public EncodedMessage {
    skipped = List.copyOf(skipped);
  }

  @Override
  public String toString() {
    return "EncodedMessage[size=" + stanza.size() + ", skipped=" + skipped.size() + "]";
  }
}
