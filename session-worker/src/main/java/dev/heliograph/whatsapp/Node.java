package dev.heliograph.whatsapp;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One element of the protocol's binary XML: a tag, attributes in the order of the wire, and either
 * bytes, children or nothing. The getters that do not return an {@code Optional} throw a {@link
 * ProtocolException} for what is not there.
 */
public record Node(String tag, Map<String, Value> attributes, Content content) {
  /** What a small object with its references takes, about. */
  private static final int OBJECT = 48;

  /**
   * An attribute's value. WhatsApp tells a JID from a text that looks like one, and some clients
   * drop the latter.
   */
  public sealed interface Value permits Text, Jid {
    String text();
  }

  public record Text(String text) implements Value {
    @Override
    public String toString() {
      return "Text[]";
    }
  }

  public sealed interface Content {
    Content NONE = new None();
  }

  public record None() implements Content {}

  /** Texts are bytes too: in UTF-8. */
  public record Bytes(ByteString value) implements Content {
    @Override
    public String toString() {
      return "Bytes[size=" + value.size() + "]";
    }
  }

  public record Children(List<Node> nodes) implements Content {
    public Children {
      nodes = List.copyOf(nodes);
    }
  }

  public Node {
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }

  public static Node of(String tag) {
    return new Node(tag, Map.of(), Content.NONE);
  }

  public Node with(String name, String value) {
    return with(name, new Text(value));
  }

  public Node with(String name, long value) {
    return with(name, Long.toString(value));
  }

  public Node with(String name, Value value) {
    Map<String, Value> more = new LinkedHashMap<>(attributes);
    more.put(name, value);
    return new Node(tag, more, content);
  }

  /** With this attribute if there is such a value. */
  public Node with(String name, Optional<? extends Value> value) {
    return value.isPresent() ? with(name, value.get()) : this;
  }

  public Node with(ByteString bytes) {
    return new Node(tag, attributes, new Bytes(bytes));
  }

  public Node with(byte[] bytes) {
    return with(ByteString.copyFrom(bytes));
  }

  public Node withText(String text) {
    return with(ByteString.copyFromUtf8(text));
  }

  public Node with(List<Node> children) {
    return new Node(tag, attributes, children.isEmpty() ? Content.NONE : new Children(children));
  }

  /** With these children after those that it has. */
  public Node with(Node... children) {
    List<Node> more = new ArrayList<>(children());
    more.addAll(Arrays.asList(children));
    return with(more);
  }

  public boolean is(String otherTag) {
    return tag.equals(otherTag);
  }

  public boolean has(String name) {
    return attributes.containsKey(name);
  }

  public Optional<Value> value(String name) {
    return Optional.ofNullable(attributes.get(name));
  }

  public Optional<String> attr(String name) {
    return value(name).map(Value::text);
  }

  public String requireAttr(String name) {
    return attr(name).orElseThrow(() -> missing("attribute", name));
  }

  public boolean is(String name, String value) {
    return attr(name).filter(value::equals).isPresent();
  }

  /** The JID of an attribute, which may have come as a text. */
  public Optional<Jid> jid(String name) {
    return value(name).map(this::toJid);
  }

  public Jid requireJid(String name) {
    return jid(name).orElseThrow(() -> missing("attribute", name));
  }

  public Optional<Long> number(String name) {
    return attr(name).map(text -> toNumber(name, text));
  }

  public long requireNumber(String name) {
    return number(name).orElseThrow(() -> missing("attribute", name));
  }

  public List<Node> children() {
    return content instanceof Children(List<Node> nodes) ? nodes : List.of();
  }

  public List<Node> children(String childTag) {
    return children().stream().filter(child -> child.is(childTag)).toList();
  }

  public Optional<Node> child(String childTag) {
    return children().stream().filter(child -> child.is(childTag)).findFirst();
  }

  public Node requireChild(String childTag) {
    return child(childTag).orElseThrow(() -> missing("child", childTag));
  }

  public boolean hasChild(String childTag) {
    return child(childTag).isPresent();
  }

  public Optional<ByteString> bytes() {
    return content instanceof Bytes(ByteString value) ? Optional.of(value) : Optional.empty();
  }

  public ByteString requireBytes() {
    return bytes().orElseThrow(() -> missing("content", "bytes"));
  }

  public ByteString requireBytes(int length) {
    ByteString bytes = requireBytes();
    if (bytes.size() != length)
      throw new ProtocolException(tag + ": content of another length than " + length);
    return bytes;
  }

  /**
   * Bytes read as an unsigned big-endian number; pre-key and registration ids have 3 or 4 of them.
   */
  public int requireId(int length) {
    int id = 0;
    for (byte b : requireBytes(length)) id = (id << 8) | (b & 0xFF);
    return id;
  }

  public String requireText() {
    return requireBytes().toString(StandardCharsets.UTF_8);
  }

  /** About what it takes in memory, in bytes. */
  public long weight() {
    long weight = OBJECT;
    for (Map.Entry<String, Value> attribute : attributes.entrySet()) {
      weight += 2 * OBJECT + attribute.getKey().length() + attribute.getValue().text().length();
    }
    return weight
        + switch (content) {
          case None _ -> 0;
          case Bytes(ByteString value) -> value.size();
          case Children(List<Node> nodes) -> nodes.stream().mapToLong(Node::weight).sum();
        };
  }

  /** The shape alone: values and content are personal data or secrets. */
  @Override
  public String toString() {
    return "Node["
        + tag
        + ", attributes="
        + attributes.size()
        + ", children="
        + children().size()
        + "]";
  }

  private Jid toJid(Value value) {
    return switch (value) {
      case Jid jid -> jid;
      case Text(String text) -> Jid.parse(text);
    };
  }

  private long toNumber(String name, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException notANumber) {
      throw new ProtocolException(tag + ": attribute " + name + " is not a number");
    }
  }

  private ProtocolException missing(String what, String name) {
    return new ProtocolException(tag + ": no " + what + " " + name);
  }
}
