package dev.heliograph.instance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.json.Json;

/**
 * Whatever JSON object a customer keeps with an instance. We store it and give it back.
 *
 * @param json the object's text
 */
public record Metadata(String json) {
  public static final Metadata EMPTY = new Metadata("{}");

  public Metadata {
    if (!Json.read(json).isObject()) {
      throw new IllegalArgumentException("metadata is a JSON object");
    }
  }

  public static Metadata of(ObjectNode object) {
    return new Metadata(Json.write(object));
  }

  public ObjectNode toJson() {
    return (ObjectNode) Json.read(json);
  }

  /** It may say anything about anybody. */
  @Override
  public String toString() {
    return "[metadata]";
  }
}
