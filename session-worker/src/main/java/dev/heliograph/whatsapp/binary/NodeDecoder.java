package dev.heliograph.whatsapp.binary;

import com.google.protobuf.ByteString;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Jid.Server;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.Node.Bytes;
import dev.heliograph.whatsapp.Node.Children;
import dev.heliograph.whatsapp.Node.Content;
import dev.heliograph.whatsapp.Node.Text;
import dev.heliograph.whatsapp.Node.Value;
import dev.heliograph.whatsapp.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads nodes from what a frame holds. Bytes that are no node throw a {@link ProtocolException},
 * and nothing else whatever they are; how much memory they can cost is bounded.
 */
public final class NodeDecoder {
  /** More levels than any stanza has. */
  private static final int DEEPEST = 64;

  /**
   * Nodes and attributes together: a few bytes can stand for each, which takes a hundred in memory.
   */
  private static final int MOST_ELEMENTS = 1 << 19;

  private static final int COMPRESSED = 2;

  private static final Node END_OF_STREAM = Node.of("xmlstreamend");

  private final byte[] in;
  private int at;
  private int elements;

  private NodeDecoder(byte[] in, int at) {
    this.in = in;
    this.at = at;
  }

  /**
   * Reads a decrypted frame: a byte of flags, and a node that fills the rest. The bare mark for the
   * end of the stream is read as {@code <xmlstreamend/>}.
   */
  public static Node decode(byte[] frame) {
    if (frame.length == 0) throw new ProtocolException("an empty frame");
    if (frame.length == 1 && frame[0] == Tags.STREAM_END) return END_OF_STREAM;
    if ((frame[0] & COMPRESSED) == 0) return new NodeDecoder(frame, 1).whole();
    return new NodeDecoder(Inflation.inflate(frame, 1), 0).whole();
  }

  private Node whole() {
    if (in.length - at == 1 && in[at] == Tags.STREAM_END) return END_OF_STREAM;
    Node node = node(DEEPEST);
    if (at != in.length) throw new ProtocolException("bytes after the node");
    return node;
  }

  private Node node(int levels) {
    if (levels == 0) throw new ProtocolException("nodes nested too deeply");
    int size = list(next());
    if (size == 0) throw new ProtocolException("a node without a tag");
    String tag = text(next());
    if (tag.isEmpty()) throw new ProtocolException("a node with an empty tag");
    Map<String, Value> attributes = attributes((size - 1) / 2);
    return new Node(tag, attributes, size % 2 == 0 ? content(levels) : Content.NONE);
  }

  private Map<String, Value> attributes(int count) {
    count(1 + count);
    Map<String, Value> attributes = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) attributes.put(text(next()), value(next()));
    return attributes;
  }

  private Content content(int levels) {
    int tag = next();
    return switch (tag) {
      case Tags.LIST_EMPTY -> Content.NONE;
      case Tags.LIST_8, Tags.LIST_16 -> children(list(tag), levels);
      case Tags.BINARY_8, Tags.BINARY_20, Tags.BINARY_32 -> new Bytes(bytes(length(tag)));
      // Some send short contents as tokens or packed digits.
      default -> new Bytes(ByteString.copyFromUtf8(value(tag).text()));
    };
  }

  private Content children(int count, int levels) {
    if (count == 0) return Content.NONE;
    List<Node> children = new ArrayList<>();
    for (int i = 0; i < count; i++) children.add(node(levels - 1));
    return new Children(children);
  }

  private Value value(int tag) {
    return switch (tag) {
      case Tags.JID_PAIR -> pair();
      case Tags.DEVICE_JID -> device();
      case Tags.MESSENGER_JID -> messenger();
      case Tags.INTEROP_JID -> interop();
      default -> new Text(text(tag));
    };
  }

  private Value pair() {
    String user = text(next());
    String server = text(next());
    return jid(user, 0, server);
  }

  /** Domain types other than these are an "agent" of old on a phone number. */
  private Value device() {
    Server server =
        switch (next()) {
          case 1 -> Server.LID;
          case 128 -> Server.HOSTED;
          case 129 -> Server.HOSTED_LID;
          default -> Server.PN;
        };
    int device = next();
    return jid(text(next()), device, server.text());
  }

  private Value messenger() {
    String user = text(next());
    int device = big(2);
    return jid(user, device, text(next()));
  }

  private Value interop() {
    String user = text(next());
    int device = big(2);
    int integrator = big(2);
    return jid(integrator + "-" + user, device, text(next()));
  }

  /**
   * What we do not know as a JID stays a text: it costs the stanza that needs it, and not the
   * connection.
   */
  private static Value jid(String user, int device, String server) {
    return Jid.of(user, device, server)
        .<Value>map(jid -> jid)
        .orElseGet(() -> new Text(user + "@" + server));
  }

  private String text(int tag) {
    return switch (tag) {
      case Tags.LIST_EMPTY -> "";
      case Tags.BINARY_8, Tags.BINARY_20, Tags.BINARY_32 ->
          bytes(length(tag)).toString(StandardCharsets.UTF_8);
      case Tags.NIBBLE_8 -> packed(Tags.NIBBLES);
      case Tags.HEX_8 -> packed(Tags.HEX);
      default ->
          tag >= Tags.DICTIONARY_0 && tag <= Tags.DICTIONARY_3
              ? Tokens.of(tag - Tags.DICTIONARY_0, next())
              : Tokens.single(tag);
    };
  }

  private String packed(String alphabet) {
    int header = next();
    int length = header & 0x7F;
    StringBuilder text = new StringBuilder(2 * length);
    for (int i = 0; i < length; i++) {
      int two = next();
      text.append(character(alphabet, two >> 4));
      boolean isFiller = i == length - 1 && (header & 0x80) != 0;
      if (!isFiller) {
        text.append(character(alphabet, two & 0xF));
      } else if ((two & 0xF) != Tags.FILLER) {
        throw new ProtocolException("a packed text that is not filled up");
      }
    }
    return text.toString();
  }

  private static char character(String alphabet, int index) {
    if (index >= alphabet.length()) throw new ProtocolException("a packed text beyond its letters");
    return alphabet.charAt(index);
  }

  private int list(int tag) {
    return switch (tag) {
      case Tags.LIST_EMPTY -> 0;
      case Tags.LIST_8 -> next();
      case Tags.LIST_16 -> big(2);
      default -> throw new ProtocolException("no list where a node has to be");
    };
  }

  private int length(int tag) {
    return switch (tag) {
      case Tags.BINARY_8 -> next();
      case Tags.BINARY_20 -> big(3) & 0xFFFFF;
      default -> big(4);
    };
  }

  private ByteString bytes(int length) {
    if (length < 0 || length > in.length - at)
      throw new ProtocolException("bytes beyond the frame");
    ByteString bytes = ByteString.copyFrom(in, at, length);
    at += length;
    return bytes;
  }

  private int big(int length) {
    int number = 0;
    for (int i = 0; i < length; i++) number = (number << 8) | next();
    return number;
  }

  private int next() {
    if (at == in.length) throw new ProtocolException("the frame ends within a node");
    return in[at++] & 0xFF;
  }

  private void count(int more) {
    elements += more;
    if (elements > MOST_ELEMENTS) throw new ProtocolException("too many nodes in a frame");
  }
}
