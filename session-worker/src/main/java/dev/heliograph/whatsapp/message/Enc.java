package dev.heliograph.whatsapp.message;

import com.google.protobuf.ByteString;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.ProtocolException;
import dev.heliograph.whatsapp.signal.CiphertextType;
import java.util.Optional;

/**
 * One ciphertext of a message.
 *
 * @param type {@code pkmsg}, {@code msg}, {@code skmsg} (sender key of a group), {@code msmsg}
 *     (bots), or what comes next
 * @param count how many times the sender was asked for it again; 0 if never
 */
public record Enc(String type, int count, ByteString ciphertext) {
  private static final int MOST_COUNT = 1000;

  /** The type, if it is one of those between two devices. */
  public Optional<CiphertextType> ciphertextType() {
    return CiphertextType.find(type);
  }

  static Enc parse(Node node) {
    long count = node.number("count").orElse(0L);
    if (count < 0 || count > MOST_COUNT) throw new ProtocolException("enc: count out of range");
    return new Enc(node.requireAttr("type"), (int) count, node.requireBytes());
  }

  @Override
  public String toString() {
    return "Enc[" + type + ", size=" + ciphertext.size() + "]";
  }
}
