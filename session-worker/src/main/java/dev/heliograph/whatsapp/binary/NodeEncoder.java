package dev.heliograph.whatsapp.binary;

import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Jid.Server;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.Node.Bytes;
import dev.heliograph.whatsapp.Node.Children;
import dev.heliograph.whatsapp.Node.None;
import dev.heliograph.whatsapp.Node.Text;
import dev.heliograph.whatsapp.Node.Value;
import dev.heliograph.whatsapp.binary.Tokens.Token;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes nodes as what a frame holds: a byte 0 (not compressed), then the node. Texts become tokens
 * where there are some, then packed digits, else bytes; content is always bytes.
 */
public final class NodeEncoder {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

  private NodeEncoder() {}

  public static byte[] encode(Node node) {
    NodeEncoder encoder = new NodeEncoder();
    encoder.out.write(0);
    encoder.node(node);
    return encoder.out.toByteArray();
  }

  private void node(Node node) {
    int content = node.content() instanceof None ? 0 : 1;
    list(1 + 2 * node.attributes().size() + content);
    text(node.tag());
    node.attributes()
        .forEach(
            (name, value) -> {
              text(name);
              value(value);
            });
    switch (node.content()) {
      case None _ -> {}
      case Bytes(var bytes) -> bytes(bytes.toByteArray());
      case Children(List<Node> children) -> {
        list(children.size());
        children.forEach(this::node);
      }
    }
  }

  private void value(Value value) {
    switch (value) {
      case Text(String text) -> text(text);
      case Jid jid -> jid(jid);
    }
  }

  private void list(int size) {
    if (size == 0) {
      out.write(Tags.LIST_EMPTY);
    } else if (size < 1 << 8) {
      out.write(Tags.LIST_8);
      out.write(size);
    } else if (size < 1 << 16) {
      out.write(Tags.LIST_16);
      big(size, 2);
    } else {
      throw new IllegalArgumentException("a list of " + size + " is too long for the protocol");
    }
  }

  private void jid(Jid jid) {
    switch (jid.server()) {
      case MESSENGER -> messenger(jid);
      case INTEROP -> interop(jid);
      case PN -> deviceOrPair(jid, 0, jid.device() > 0);
      case LID -> deviceOrPair(jid, 1, jid.device() > 0);
      case HOSTED -> deviceOrPair(jid, 128, true);
      case HOSTED_LID -> deviceOrPair(jid, 129, true);
      case GROUP, BROADCAST, NEWSLETTER, BOT, CALL -> pair(jid);
    }
  }

  private void deviceOrPair(Jid jid, int domain, boolean isDevice) {
    if (!isDevice || jid.user().isEmpty()) {
      pair(jid);
      return;
    }
    if (jid.device() > 0xFF) throw new IllegalArgumentException("a device out of range");
    out.write(Tags.DEVICE_JID);
    out.write(domain);
    out.write(jid.device());
    text(jid.user());
  }

  private void pair(Jid jid) {
    out.write(Tags.JID_PAIR);
    if (jid.user().isEmpty()) {
      out.write(Tags.LIST_EMPTY);
    } else {
      text(jid.user());
    }
    text(jid.server().text());
  }

  private void messenger(Jid jid) {
    out.write(Tags.MESSENGER_JID);
    text(jid.user());
    big(jid.device(), 2);
    text(Server.MESSENGER.text());
  }

  private void interop(Jid jid) {
    int dash = jid.user().indexOf('-');
    out.write(Tags.INTEROP_JID);
    text(jid.user().substring(dash + 1));
    big(jid.device(), 2);
    big(dash < 0 ? 0 : Integer.parseInt(jid.user().substring(0, dash)), 2);
    text(Server.INTEROP.text());
  }

  private void text(String text) {
    Token token = text.isEmpty() ? null : Tokens.find(text);
    if (token != null) {
      token(token);
    } else if (isPackable(text, Tags.NIBBLES)) {
      packed(text, Tags.NIBBLE_8, Tags.NIBBLES);
    } else if (isPackable(text, Tags.HEX)) {
      packed(text, Tags.HEX_8, Tags.HEX);
    } else {
      bytes(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private void token(Token token) {
    if (token.dictionary() >= 0) out.write(Tags.DICTIONARY_0 + token.dictionary());
    out.write(token.index());
  }

  private static boolean isPackable(String text, String alphabet) {
    return !text.isEmpty()
        && text.length() <= 2 * Tags.LONGEST_PACKED
        && text.chars().allMatch(c -> alphabet.indexOf(c) >= 0);
  }

  private void packed(String text, int tag, String alphabet) {
    boolean odd = text.length() % 2 == 1;
    out.write(tag);
    out.write((odd ? 0x80 : 0) | (text.length() + 1) / 2);
    for (int i = 0; i < text.length(); i += 2) {
      int high = alphabet.indexOf(text.charAt(i));
      int low = i + 1 < text.length() ? alphabet.indexOf(text.charAt(i + 1)) : Tags.FILLER;
      out.write((high << 4) | low);
    }
  }

  private void bytes(byte[] bytes) {
    if (bytes.length < 1 << 8) {
      out.write(Tags.BINARY_8);
      out.write(bytes.length);
    } else if (bytes.length < 1 << 20) {
      out.write(Tags.BINARY_20);
      big(bytes.length, 3);
    } else {
      out.write(Tags.BINARY_32);
      big(bytes.length, 4);
    }
    out.writeBytes(bytes);
  }

  private void big(int number, int length) {
    for (int shift = 8 * (length - 1); shift >= 0; shift -= 8) out.write(number >>> shift);
  }
}
