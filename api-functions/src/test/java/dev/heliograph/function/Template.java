package dev.heliograph.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code template.yaml}; functions such as {@code !Sub} read as what stands behind them. */
record Template(JsonNode yaml) {
  private static final String PREFIX = "${Prefix}";

  static Template read() {
    try (var in = Files.newInputStream(Path.of("..", "template.yaml"))) {
      return new Template(new YAMLMapper().readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The properties of each resource of a type, by logical id. */
  Map<String, JsonNode> resources(String type) {
    Map<String, JsonNode> resources = new LinkedHashMap<>();
    for (var resource : yaml.get("Resources").properties()) {
      if (resource.getValue().get("Type").asText().equals(type)) {
        resources.put(resource.getKey(), resource.getValue().get("Properties"));
      }
    }
    return resources;
  }

  /** The properties of each resource of a type, by name; what has no prefix has no name of ours. */
  Map<String, JsonNode> named(String type, String nameProperty) {
    Map<String, JsonNode> named = new LinkedHashMap<>();
    for (JsonNode properties : resources(type).values()) {
      String name = properties.path(nameProperty).asText();
      if (!name.startsWith(PREFIX)) {
        throw new IllegalStateException(name + " does not begin with the prefix");
      }
      named.put(name.substring(PREFIX.length()), properties);
    }
    return named;
  }

  /** The properties of the function whose handler is this class. */
  JsonNode function(Class<?> handler) {
    return resources("AWS::Serverless::Function").values().stream()
        .filter(function -> function.get("Handler").asText().equals(handler.getName()))
        .findFirst()
        .orElseThrow();
  }

  /** The properties of a function's one event. */
  JsonNode event(Class<?> handler) {
    return function(handler).get("Events").elements().next().get("Properties");
  }
}
