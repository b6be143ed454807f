package dev.heliograph.whatsapp;

import com.google.protobuf.ByteString;
import dev.heliograph.whatsapp.Node.Bytes;
import dev.heliograph.whatsapp.Node.Children;
import dev.heliograph.whatsapp.Node.None;
import dev.heliograph.whatsapp.Node.Text;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes nodes as the text that tests hold them against: JIDs without quotes, short content in hex,
 * longer content as its length.
 */
public final class Shape {
  private static final int LONGEST_SHOWN = 8;

  private Shape() {}

  public static String of(Node node) {
    String attributes =
        node.attributes().entrySet().stream()
            .map(attribute -> " " + attribute.getKey() + "=" + value(attribute.getValue()))
            .collect(Collectors.joining());
    return switch (node.content()) {
      case None _ -> "<" + node.tag() + attributes + "/>";
      case Bytes(ByteString bytes) -> "<" + node.tag() + attributes + ">" + bytes(bytes) + "</>";
      case Children(List<Node> children) ->
          "<"
              + node.tag()
              + attributes
              + ">"
              + children.stream().map(Shape::of).collect(Collectors.joining())
              + "</>";
    };
  }

  private static String value(Node.Value value) {
    return switch (value) {
      case Text(String text) -> "'" + text + "'";
      case Jid jid -> jid.text();
    };
  }

  private static String bytes(ByteString bytes) {
    return bytes.size() <= LONGEST_SHOWN
        ? HexFormat.of().formatHex(bytes.toByteArray())
        : bytes.size() + " B";
  }
}
