package dev.heliograph.api;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.json.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An answer: its status, and JSON unless it is a 204. */
record ApiResponse(int status, @Nullable JsonNode body, Map<String, String> headers) {
  static ApiResponse ok(JsonNode body) {
    return new ApiResponse(200, body, Map.of());
  }

  static ApiResponse created(JsonNode body) {
    return new ApiResponse(201, body, Map.of());
  }

  /** It will be done; events tell when. */
  static ApiResponse accepted(JsonNode body) {
    return new ApiResponse(202, body, Map.of());
  }

  static ApiResponse noContent() {
    return new ApiResponse(204, null, Map.of());
  }

  /** All of something, as {@code {"data":[…]}}. */
  static <T> ApiResponse list(List<T> entries, Function<T, ObjectNode> toJson) {
    ArrayNode data = Json.object().arrayNode();
    entries.forEach(entry -> data.add(toJson.apply(entry)));
    return ok(Json.object().set("data", data));
  }

  static ApiResponse error(ApiException error, String requestId) {
    return new ApiResponse(error.status(), error.toJson(requestId), error.headers());
  }

  APIGatewayV2HTTPResponse toEvent() {
    Map<String, String> all = new HashMap<>(headers);
    all.put("Cache-Control", "no-store"); // QR codes and secrets are answers too
    if (body != null) {
      all.put("Content-Type", "application/json");
    }
    return APIGatewayV2HTTPResponse.builder()
        .withStatusCode(status)
        .withHeaders(all)
        .withBody(body == null ? "" : Json.write(body))
        .withIsBase64Encoded(false)
        .build();
  }

  /** A body may be a QR code or a secret. */
  @Override
  public String toString() {
    return "ApiResponse[" + status + "]";
  }
}
