package dev.heliograph.api;

import dev.heliograph.instance.InstanceId;
import dev.heliograph.message.MessageId;
import dev.heliograph.webhook.EndpointId;
import java.util.Map;

/** The ids in a path. One that is not of its form is one that does not exist. */
record PathParameters(Map<String, String> values) {
  PathParameters {
    values = Map.copyOf(values);
  }

  InstanceId instance() {
    return InstanceId.parse(get("instance_id")).orElseThrow(NotFound::instance);
  }

  MessageId message() {
    return MessageId.parse(get("message_id")).orElseThrow(NotFound::message);
  }

  EndpointId webhook() {
    return EndpointId.parse(get("webhook_id")).orElseThrow(NotFound::webhook);
  }

  private String get(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalStateException("the route's path has no " + name);
    }
    return value;
  }
}
