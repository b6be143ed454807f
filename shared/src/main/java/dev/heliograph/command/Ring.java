package dev.heliograph.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.json.Json;
import dev.heliograph.json.MalformedJsonException;
import dev.heliograph.message.MessageId;
import java.util.Optional;

/**
 * What a message in a command queue says: where to look. As JSON {@code
 * {"instance":…,"message":…}}.
 *
 * @param message the row that was written, if it is one of a message
 */
public record Ring(InstanceId instance, Optional<MessageId> message) {
  String toJson() {
    ObjectNode json = Json.object().put("instance", instance.value());
    message.ifPresent(id -> json.put("message", id.value()));
    return Json.write(json);
  }

  /** Reads a queue message; nothing in it is trusted, so that one that is odd is just dropped. */
  public static Optional<Ring> parse(String body) {
    try {
      JsonNode json = Json.read(body);
      return InstanceId.parse(json.path("instance").asText())
          .map(instance -> new Ring(instance, MessageId.parse(json.path("message").asText())));
    } catch (MalformedJsonException odd) {
      return Optional.empty();
    }
  }
}
