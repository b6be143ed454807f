package dev.heliograph.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** The document that callers read, and what it says of an exchange. */
final class OpenApi {
  private static final ObjectMapper YAML = new YAMLMapper();
  private static final JsonSchemaFactory SCHEMAS =
      JsonSchemaFactory.getInstance(VersionFlag.V202012);

  private final ObjectNode document;
  private final Map<String, JsonSchema> schemas = new ConcurrentHashMap<>();

  private OpenApi(ObjectNode document) {
    this.document = document;
  }

  static OpenApi read() {
    Path path = Path.of("..", "docs", "openapi.yaml");
    try (var in = Files.newInputStream(path)) {
      return new OpenApi((ObjectNode) YAML.readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every operation, as {@code METHOD /path}. */
  Set<String> operations() {
    Set<String> operations = new TreeSet<>();
    for (var path : document.get("paths").properties()) {
      for (var operation : path.getValue().properties()) {
        if (!operation.getKey().equals("parameters")) {
          operations.add(operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey());
        }
      }
    }
    return operations;
  }

  JsonNode at(String pointer) {
    return document.at(pointer);
  }

  /** Fails unless the document has this answer to this operation. */
  void check(String method, String pathPattern, int status, JsonNode body) {
    String response =
        "/paths/%s/%s/responses/%d"
            .formatted(escaped(pathPattern), method.toLowerCase(Locale.ROOT), status);
    JsonNode documented = document.at(response);
    assertThat(documented.isMissingNode())
        .as("%s %s may answer %d", method, pathPattern, status)
        .isFalse();
    if (documented.has("$ref")) {
      response = documented.get("$ref").asText().substring(1);
      documented = document.at(response);
    }
    if (documented.has("content")) {
      checkSchema(response + "/content/application~1json/schema", body);
    } else {
      assertThat(body.isMissingNode()).isTrue();
    }
  }

  /** Fails unless the document allows a request that was accepted. */
  void checkAccepted(String method, String pathPattern, JsonNode body) {
    String request =
        "/paths/%s/%s/requestBody".formatted(escaped(pathPattern), method.toLowerCase(Locale.ROOT));
    if (!document.at(request).isMissingNode()) {
      checkSchema(request + "/content/application~1json/schema", body);
    }
  }

  /** Fails unless the JSON is as the schema at the pointer has it. */
  void checkSchema(String pointer, JsonNode json) {
    JsonSchema schema = schemas.computeIfAbsent(pointer, this::schema);
    assertThat(schema.validate(json)).as("%s by %s", json, pointer).isEmpty();
  }

  private JsonSchema schema(String pointer) {
    assertThat(document.at(pointer).isMissingNode()).as(pointer).isFalse();
    // The whole document, entered at the pointer: its references are relative to its root.
    ObjectNode entered = document.deepCopy();
    entered.put("$ref", "#" + pointer.replace("{", "%7B").replace("}", "%7D"));
    return SCHEMAS.getSchema(entered);
  }

  private static String escaped(String path) {
    return path.replace("~", "~0").replace("/", "~1");
  }
}
