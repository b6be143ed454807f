package dev.heliograph.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.json.Json;
import dev.heliograph.json.MalformedJsonException;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.QueuePlace;
import java.time.Instant;
import java.util.Optional;

/**
 * What a message in a command queue says: where to look. As JSON {@code
 * {"instance":…,"message":…,"accepted_at":…}}, the time in milliseconds since the epoch.
 *
 * @param message the row that was written, if it is one of a message
 */
public record Ring(InstanceId instance, Optional<QueuePlace> message) {
  private static final String INSTANCE = "instance";
  private static final String MESSAGE = "message";
  private static final String ACCEPTED_AT = "accepted_at";

  String toJson() {
    ObjectNode json = Json.object().put(INSTANCE, instance.value());
    message.ifPresent(
        place ->
            json.put(MESSAGE, place.id().value())
                .put(ACCEPTED_AT, place.acceptedAt().toEpochMilli()));
    return Json.write(json);
  }

  /** Reads a queue message; nothing in it is trusted, so that one that is odd is just dropped. */
  public static Optional<Ring> parse(String body) {
    try {
      JsonNode json = Json.read(body);
      return InstanceId.parse(json.path(INSTANCE).asText())
          .map(instance -> new Ring(instance, place(json)));
    } catch (MalformedJsonException odd) {
      return Optional.empty();
    }
  }

  private static Optional<QueuePlace> place(JsonNode json) {
    JsonNode acceptedAt = json.path(ACCEPTED_AT);
    return MessageId.parse(json.path(MESSAGE).asText())
        .filter(id -> acceptedAt.isIntegralNumber())
        .map(id -> new QueuePlace(Instant.ofEpochMilli(acceptedAt.longValue()), id));
  }
}
