package dev.heliograph.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** What the API answered; the body is a missing node if there is none. */
record Answer(int status, JsonNode body, Map<String, String> headers) {
  String text(String pointer) {
    return body.at(pointer).asText();
  }

  String code() {
    return text("/error/code");
  }

  String field() {
    return text("/error/field");
  }
}
