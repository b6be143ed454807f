package dev.heliograph.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.instance.Metadata;

/** Reads the metadata of an instance: any object, as long as it can be stored and shown again. */
final class MetadataField {
  private static final String NAME = "metadata";
  private static final int MAX_LENGTH = 8 * 1024;

  /** Far from the depth at which readers, ours too, refuse the answer that it is a part of. */
  private static final int MAX_DEPTH = 32;

  private MetadataField() {}

  static Metadata parse(ObjectNode object) {
    check(object, 1);
    Metadata metadata = Metadata.of(object);
    if (Texts.length(metadata.json()) > MAX_LENGTH) {
      throw ApiException.invalidField(
          NAME, "must have at most %d characters as JSON".formatted(MAX_LENGTH));
    }
    return metadata;
  }

  private static void check(JsonNode value, int depth) {
    if (depth > MAX_DEPTH) {
      throw ApiException.invalidField(
          NAME, "must be nested at most %d levels deep".formatted(MAX_DEPTH));
    }
    // A name that is not well-formed Jackson does not even read.
    if (value.isTextual() && !Texts.isWellFormed(value.asText())) {
      throw ApiException.invalidField(NAME, "must be well-formed Unicode");
    }
    for (JsonNode element : value) {
      check(element, element.isContainerNode() ? depth + 1 : depth);
    }
  }
}
