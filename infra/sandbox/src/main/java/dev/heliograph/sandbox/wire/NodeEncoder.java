package dev.heliograph.sandbox.wire;

import dev.heliograph.sandbox.crypto.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes a node as the plaintext of a frame: the flag byte 0 (not compressed), then the node.
 * Content always goes out as bytes and JIDs as JIDs, the forms that every client reads.
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
    listSize(1 + 2 * node.attributes().size() + (node.hasContent() ? 1 : 0));
    string(node.tag());
    node.attributes()
        .forEach(
            (name, value) -> {
              string(name);
              value(value);
            });
    byte[] content = node.content();
    if (content != null) {
      binary(content);
    } else if (!node.children().isEmpty()) {
      children(node.children());
    }
  }

  private void children(List<Node> children) {
    listSize(children.size());
    children.forEach(this::node);
  }

  private void listSize(int size) {
    if (size < 256) {
      out.write(Tag.LIST_8);
      out.write(size);
    } else {
      out.write(Tag.LIST_16);
      out.writeBytes(Bytes.bigEndian(size, 2));
    }
  }

  private void value(Value value) {
    switch (value) {
      case Jid jid -> jid(jid);
      case Text text -> string(text.text());
    }
  }

  private void jid(Jid jid) {
    if (jid.device() > 0) {
      out.write(Tag.AD_JID);
      out.write(Tag.domainTypeOf(jid.server()));
      out.write(jid.device());
      string(jid.user());
    } else {
      out.write(Tag.JID_PAIR);
      if (jid.user().isEmpty()) {
        out.write(Tag.LIST_EMPTY);
      } else {
        string(jid.user());
      }
      string(jid.server());
    }
  }

  private void string(String string) {
    byte[] token = Tokens.find(string);
    if (token != null) {
      out.writeBytes(token);
    } else {
      binary(string.getBytes(StandardCharsets.UTF_8));
    }
  }

  private void binary(byte[] bytes) {
    if (bytes.length < 1 << 8) {
      out.write(Tag.BINARY_8);
      out.write(bytes.length);
    } else if (bytes.length < 1 << 20) {
      out.write(Tag.BINARY_20);
      out.writeBytes(Bytes.bigEndian(bytes.length, 3));
    } else {
      out.write(Tag.BINARY_32);
      out.writeBytes(Bytes.bigEndian(bytes.length, 4));
    }
    out.writeBytes(bytes);
  }
}
