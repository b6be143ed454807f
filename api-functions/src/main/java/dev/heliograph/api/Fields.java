package dev.heliograph.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.json.Json;
import dev.heliograph.json.MalformedJsonException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads an object of a request's body field by field. What is of the wrong type, or left over at
 * the end, is refused by its name: a misspelt optional field would else just have no effect.
 */
final class Fields {
  private final ObjectNode json;
  private final String path;
  private final Set<String> known = new HashSet<>();

  private Fields(ObjectNode json, String path) {
    this.json = json;
    this.path = path;
  }

  /** The body, which has to be an object. */
  static Fields of(ApiRequest request) {
    try {
      if (Json.read(request.body()) instanceof ObjectNode object) {
        return new Fields(object, "");
      }
    } catch (MalformedJsonException malformed) {
      throw ApiException.badRequest(
          "malformed_json", "The body is not valid JSON: " + malformed.getMessage() + ".");
    }
    throw ApiException.invalidBody("The body must be a JSON object.");
  }

  /** For a route that takes nothing: the body is missing, or an object without fields. */
  static void none(ApiRequest request) {
    if (!request.body().isBlank()) {
      of(request).end();
    }
  }

  /** A text that has to be there and to be more than white space. */
  String text(String name, int maxLength) {
    return optionalText(name, maxLength)
        .orElseThrow(() -> ApiException.invalidField(path + name, "is required"));
  }

  /** A text, unless it is missing or null. */
  Optional<String> optionalText(String name, int maxLength) {
    Optional<JsonNode> value = value(name);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (!value.get().isTextual()) {
      throw ApiException.invalidField(path + name, "must be a string");
    }
    return Optional.of(Texts.check(path + name, value.get().asText(), maxLength));
  }

  /** An object that has to be there. */
  Fields object(String name) {
    return optionalObject(name)
        .map(object -> new Fields(object, path + name + "."))
        .orElseThrow(() -> ApiException.invalidField(path + name, "is required"));
  }

  /** An object, unless it is missing or null. */
  Optional<ObjectNode> optionalObject(String name) {
    Optional<JsonNode> value = value(name);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get() instanceof ObjectNode object) {
      return Optional.of(object);
    }
    throw ApiException.invalidField(path + name, "must be an object");
  }

  /** A list of texts; empty if it is missing or null. */
  List<String> optionalTexts(String name) {
    Optional<JsonNode> value = value(name);
    if (value.isEmpty()) {
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode entry : value.get()) {
      if (entry.isTextual()) {
        texts.add(entry.asText());
      }
    }
    if (!value.get().isArray() || texts.size() < value.get().size()) {
      throw ApiException.invalidField(path + name, "must be a list of strings");
    }
    return texts;
  }

  /** To be called when everything is read: refuses what nobody asked for. */
  void end() {
    for (var field : json.properties()) {
      if (!known.contains(field.getKey())) {
        throw ApiException.invalidField(path + field.getKey(), "is not a field of this request");
      }
    }
  }

  private Optional<JsonNode> value(String name) {
    known.add(name);
    return Optional.ofNullable(json.get(name)).filter(value -> !value.isNull());
  }
}
