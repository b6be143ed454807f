package dev.heliograph.message;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.json.Json;

/** What a message says. Nothing of it is ever printed. */
public sealed interface MessageBody {
  /** The body as customers send and get it, and as it is stored: {@code {"type":"text",…}}. */
  ObjectNode toJson();

  /** Reads what {@link #toJson} wrote. What customers send is checked before it comes here. */
  static MessageBody fromJson(JsonNode json) {
    String type = json.path("type").asText();
    return switch (type) {
      case Text.TYPE -> new Text(json.path("text").asText());
      default -> throw new IllegalArgumentException("unknown type of body");
    };
  }

  /** Plain text. */
  record Text(String text) implements MessageBody {
    public static final String TYPE = "text";

    @Override
    public ObjectNode toJson() {
      return Json.object().put("type", TYPE).put("text", text);
    }

    @Override
    public String toString() {
      return "Text[" + text.length() + " characters]";
    }
  }
}
