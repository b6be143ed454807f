package dev.heliograph.sandbox.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads the plaintext of a frame. The bytes are a stranger's: sizes are held against what is there,
 * depth and unpacked size have bounds, and whatever is wrong is a {@link MalformedStanzaException}.
 */
public final class NodeDecoder {
  private static final int COMPRESSED = 2;
  private static final int MAX_DEPTH = 32;
  private static final int MAX_INFLATED = 16 << 20;
  private static final String NIBBLES = "0123456789-.";
  private static final String HEX = "0123456789ABCDEF";

  private final byte[] bytes;
  private int at;

  private NodeDecoder(byte[] bytes, int at) {
    this.bytes = bytes;
    this.at = at;
  }

  public static Node decode(byte[] plaintext) {
    if (plaintext.length < 2) {
      throw new MalformedStanzaException("a frame without a node");
    }
    NodeDecoder decoder =
        (plaintext[0] & COMPRESSED) == 0
            ? new NodeDecoder(plaintext, 1)
            : new NodeDecoder(inflate(plaintext), 0);
    Node node = decoder.node(0);
    if (decoder.at != decoder.bytes.length) {
      throw new MalformedStanzaException("bytes after the node");
    }
    return node;
  }

  private static byte[] inflate(byte[] plaintext) {
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(plaintext, 1, plaintext.length - 1);
      ByteArrayOutputStream inflated = new ByteArrayOutputStream();
      byte[] chunk = new byte[8192];
      while (!inflater.finished()) {
        int length = inflater.inflate(chunk);
        if (length == 0 || inflated.size() + length > MAX_INFLATED) {
          throw new MalformedStanzaException("a compressed frame that ends early or grows too big");
        }
        inflated.write(chunk, 0, length);
      }
      return inflated.toByteArray();
    } catch (DataFormatException notZlib) {
      throw new MalformedStanzaException("a compressed frame that is not zlib");
    }
  }

  private Node node(int depth) {
    if (depth > MAX_DEPTH) {
      throw new MalformedStanzaException("nodes nested too deeply");
    }
    int size = listSize(octet());
    if (size == 0) {
      throw new MalformedStanzaException("an empty node");
    }
    String tag = string(octet());
    int attributeCount = (size - 1) / 2;
    Map<String, Value> attributes = LinkedHashMap.newLinkedHashMap(attributeCount);
    for (int i = 0; i < attributeCount; i++) {
      attributes.put(string(octet()), value(octet()));
    }
    if (size % 2 == 1) {
      return Node.decoded(tag, attributes, List.of(), null);
    }
    int first = octet();
    return switch (first) {
      case Tag.LIST_EMPTY -> Node.decoded(tag, attributes, List.of(), null);
      case Tag.LIST_8, Tag.LIST_16 ->
          Node.decoded(tag, attributes, children(listSize(first), depth), null);
      case Tag.BINARY_8, Tag.BINARY_20, Tag.BINARY_32 ->
          Node.decoded(tag, attributes, List.of(), binary(first));
      // Some clients send short content as a token or packed digits: it is text all the same.
      default ->
          Node.decoded(
              tag, attributes, List.of(), value(first).text().getBytes(StandardCharsets.UTF_8));
    };
  }

  private List<Node> children(int count, int depth) {
    // Each takes two bytes at least: a count beyond that is a lie, and not worth its memory.
    if (count > (bytes.length - at) / 2) {
      throw new MalformedStanzaException("more children than bytes");
    }
    List<Node> children = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      children.add(node(depth + 1));
    }
    return children;
  }

  private int listSize(int tag) {
    return switch (tag) {
      case Tag.LIST_EMPTY -> 0;
      case Tag.LIST_8 -> octet();
      case Tag.LIST_16 -> number(2);
      default -> throw new MalformedStanzaException("not a list");
    };
  }

  private Value value(int tag) {
    return switch (tag) {
      case Tag.JID_PAIR -> {
        int user = octet();
        yield new Jid(user == Tag.LIST_EMPTY ? "" : string(user), 0, string(octet()));
      }
      case Tag.AD_JID -> {
        String server = Tag.serverOf(octet());
        int device = octet();
        yield new Jid(string(octet()), device, server);
      }
      case Tag.FB_JID -> new Jid(string(octet()), number(2), string(octet()));
      case Tag.INTEROP_JID -> {
        String user = string(octet());
        int device = number(2);
        yield new Jid(number(2) + "-" + user, device, string(octet()));
      }
      case Tag.LIST_EMPTY -> new Text("");
      default -> new Text(string(tag));
    };
  }

  private String string(int tag) {
    if (tag > 0 && tag < Tokens.SINGLE_BYTE_COUNT) {
      return Tokens.single(tag);
    }
    return switch (tag) {
      case 236, 237, 238, 239 -> Tokens.ofDictionary(tag - Tokens.FIRST_DICTIONARY_TAG, octet());
      case Tag.NIBBLE_8 -> packed(NIBBLES);
      case Tag.HEX_8 -> packed(HEX);
      case Tag.BINARY_8, Tag.BINARY_20, Tag.BINARY_32 ->
          new String(binary(tag), StandardCharsets.UTF_8);
      default -> throw new MalformedStanzaException("not a string");
    };
  }

  private String packed(String alphabet) {
    int header = octet();
    int length = header & 0x7f;
    StringBuilder text = new StringBuilder(2 * length);
    for (int i = 0; i < length; i++) {
      int pair = octet();
      text.append(digit(alphabet, pair >> 4));
      boolean padded = i == length - 1 && (header & 0x80) != 0;
      if (!padded) {
        text.append(digit(alphabet, pair & 0xf));
      }
    }
    return text.toString();
  }

  private static char digit(String alphabet, int index) {
    if (index >= alphabet.length()) {
      throw new MalformedStanzaException("not a packed digit");
    }
    return alphabet.charAt(index);
  }

  private byte[] binary(int tag) {
    int length =
        switch (tag) {
          case Tag.BINARY_8 -> octet();
          case Tag.BINARY_20 -> number(3) & 0xfffff;
          default -> number(4);
        };
    if (length < 0 || length > bytes.length - at) {
      throw new MalformedStanzaException("a string longer than its frame");
    }
    at += length;
    return Arrays.copyOfRange(bytes, at - length, at);
  }

  private int number(int length) {
    int number = 0;
    for (int i = 0; i < length; i++) {
      number = number << 8 | octet();
    }
    return number;
  }

  private int octet() {
    if (at >= bytes.length) {
      throw new MalformedStanzaException("a node that ends early");
    }
    return bytes[at++] & 0xff;
  }
}
