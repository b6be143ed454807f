package dev.heliograph.sandbox.wire;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An element of WhatsApp's binary XML: a tag, attributes, and either children or bytes. Immutable:
 * every {@code with} gives another node.
 */
public final class Node {
  private final String tag;
  private final Map<String, Value> attributes;
  private final List<Node> children;
  private final byte @Nullable [] content;

  private Node(
      String tag, Map<String, Value> attributes, List<Node> children, byte @Nullable [] content) {
    this.tag = tag;
    this.attributes = attributes;
    this.children = children;
    this.content = content;
  }

  public static Node of(String tag) {
    return new Node(tag, Map.of(), List.of(), null);
  }

  public static Node of(String tag, byte[] content) {
    return new Node(tag, Map.of(), List.of(), content);
  }

  public static Node of(String tag, ByteString content) {
    return of(tag, content.toByteArray());
  }

  public static Node of(String tag, Node... children) {
    return new Node(tag, Map.of(), List.of(children), null);
  }

  public static Node of(String tag, Collection<Node> children) {
    return new Node(tag, Map.of(), List.copyOf(children), null);
  }

  /** Takes the map as it is: the decoder has no other use for it. */
  static Node decoded(
      String tag, Map<String, Value> attributes, List<Node> children, byte @Nullable [] content) {
    return new Node(
        tag,
        Collections.unmodifiableMap(attributes),
        Collections.unmodifiableList(children),
        content);
  }

  public Node with(String name, Value value) {
    Map<String, Value> more = new LinkedHashMap<>(attributes);
    more.put(name, value);
    return new Node(tag, Collections.unmodifiableMap(more), children, content);
  }

  public Node with(String name, String value) {
    return with(name, new Text(value));
  }

  public Node with(String name, long value) {
    return with(name, Long.toString(value));
  }

  public Node with(String name, Optional<? extends Value> value) {
    return value.isPresent() ? with(name, value.get()) : this;
  }

  public Node with(Node child) {
    List<Node> more = new ArrayList<>(children);
    more.add(child);
    return new Node(tag, attributes, Collections.unmodifiableList(more), null);
  }

  public Node with(Collection<Node> moreChildren) {
    List<Node> more = new ArrayList<>(children);
    more.addAll(moreChildren);
    return new Node(tag, attributes, Collections.unmodifiableList(more), null);
  }

  public Node without(String name) {
    Map<String, Value> fewer = new LinkedHashMap<>(attributes);
    fewer.remove(name);
    return new Node(tag, Collections.unmodifiableMap(fewer), children, content);
  }

  public String tag() {
    return tag;
  }

  public boolean is(String other) {
    return tag.equals(other);
  }

  public Map<String, Value> attributes() {
    return attributes;
  }

  public boolean has(String name) {
    return attributes.containsKey(name);
  }

  public Optional<Value> value(String name) {
    return Optional.ofNullable(attributes.get(name));
  }

  public Optional<String> text(String name) {
    return value(name).map(Value::text);
  }

  public String requireText(String name) {
    return text(name)
        .filter(text -> !text.isEmpty())
        .orElseThrow(() -> new MalformedStanzaException("<" + tag + "> has no " + name));
  }

  /** Also of a value that came as text: some clients write bare servers so. */
  public Optional<Jid> jid(String name) {
    return value(name)
        .map(
            value ->
                switch (value) {
                  case Jid jid -> jid;
                  case Text text -> Jid.parse(text.text());
                });
  }

  public Jid requireJid(String name) {
    return jid(name)
        .orElseThrow(() -> new MalformedStanzaException("<" + tag + "> has no " + name));
  }

  public List<Node> children() {
    return children;
  }

  public List<Node> children(String childTag) {
    return children.stream().filter(child -> child.is(childTag)).toList();
  }

  public Optional<Node> child(String childTag) {
    return children.stream().filter(child -> child.is(childTag)).findFirst();
  }

  public Node requireChild(String childTag) {
    return child(childTag)
        .orElseThrow(() -> new MalformedStanzaException("<" + tag + "> has no <" + childTag + ">"));
  }

  /** The content as bytes; without content, none. */
  public byte[] bytes() {
    return content == null ? new byte[0] : content;
  }

  public byte[] bytes(int length) {
    byte[] bytes = bytes();
    if (bytes.length != length) {
      throw new MalformedStanzaException("<" + tag + "> is not of " + length + " bytes");
    }
    return bytes;
  }

  public String contentText() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  boolean hasContent() {
    return content != null || !children.isEmpty();
  }

  byte @Nullable [] content() {
    return content;
  }

  /** The tag alone: what else is in a node is somebody's message, number or key. */
  @Override
  public String toString() {
    return "<" + tag + ">";
  }
}
