package dev.heliograph.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.PhoneNumber;
import dev.heliograph.instance.StatusReason;
import dev.heliograph.json.Json;
import dev.heliograph.json.Timestamps;

/** An instance as customers get it. */
final class InstanceJson {
  private InstanceJson() {}

  static ObjectNode write(Instance instance) {
    PhoneNumber phoneNumber = instance.phoneNumber();
    StatusReason reason = instance.statusReason();
    ObjectNode json =
        Json.object()
            .put("id", instance.id().value())
            .put("customer_id", instance.customer().value())
            .put("name", instance.name())
            .put("phone_number", phoneNumber == null ? null : phoneNumber.e164())
            .put("status", instance.status().wire())
            .put("status_reason", reason == null ? null : reason.wire())
            .put("last_seen_at", Timestamps.formatNullable(instance.lastSeenAt()));
    json.set("metadata", instance.metadata().toJson());
    return json.put("created_at", Timestamps.format(instance.createdAt()))
        .put("updated_at", Timestamps.format(instance.updatedAt()));
  }
}
