package dev.heliograph.event;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.event.EventData.Contact;
import dev.heliograph.event.EventData.InstanceChanged;
import dev.heliograph.event.EventData.InstanceDeleted;
import dev.heliograph.event.EventData.MessageFailed;
import dev.heliograph.event.EventData.MessageMoved;
import dev.heliograph.event.EventData.MessageReceived;
import dev.heliograph.event.EventData.MessageUnreadable;
import dev.heliograph.event.EventData.QrShown;
import dev.heliograph.instance.PhoneNumber;
import dev.heliograph.instance.QrImage;
import dev.heliograph.instance.StatusReason;
import dev.heliograph.json.Json;
import dev.heliograph.json.Timestamps;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Events as customers get them, and as the journal and the table of events hold them: written once,
 * where the event is born, so that a delivery repeated by a later version is the same bytes.
 */
public final class EventJson {
  /** Raised when a shape changes in a way that a reader could stumble over. */
  private static final int SCHEMA_VERSION = 1;

  private EventJson() {}

  /** The event as a JSON text without white space. */
  public static String write(Event event) {
    ObjectNode json =
        Json.object()
            .put("id", event.id().value())
            .put("type", event.type().wire())
            .put("timestamp", Timestamps.format(event.timestamp()))
            .put("schema_version", SCHEMA_VERSION)
            .put("instance_id", event.instance().value())
            .put("customer_id", event.customer().value())
            .put("sequence", event.sequence());
    json.set("data", data(event.data()));
    return Json.write(json);
  }

  /** How many bytes what an event says takes in its JSON. */
  public static int sizeOf(EventData data) {
    return Json.write(data(data)).getBytes(StandardCharsets.UTF_8).length;
  }

  private static ObjectNode data(EventData data) {
    return switch (data) {
      case QrShown qr ->
          Json.object()
              .put("qr", QrImage.pngDataUrl(qr.raw()))
              .put("raw", qr.raw())
              .put("expires_at", Timestamps.format(qr.expiresAt()));
      case InstanceChanged changed ->
          Json.object()
              .put("status", changed.status().wire())
              .put("status_reason", wire(changed.reason()))
              .put("phone_number", e164(changed.phoneNumber()))
              .put("lid", changed.lid());
      case InstanceDeleted deleted -> Json.object().put("unlinked", deleted.unlinked());
      case MessageReceived received -> {
        ObjectNode json = Json.object().put("message_id", received.message().value());
        json.set("from", sender(received.from()));
        json.put("chat", received.chat());
        json.put("timestamp", Timestamps.format(received.timestamp()));
        json.set("body", received.body().toJson());
        yield json;
      }
      case MessageMoved moved -> {
        ObjectNode json =
            Json.object()
                .put("message_id", moved.message().value())
                .put("client_ref", moved.clientRef());
        json.set("to", recipient(moved.to()));
        yield json.put("timestamp", Timestamps.format(moved.timestamp()));
      }
      case MessageFailed failed -> {
        ObjectNode json =
            Json.object()
                .put("message_id", failed.message().value())
                .put("client_ref", failed.clientRef());
        json.set("to", recipient(failed.to()));
        json.put("timestamp", Timestamps.format(failed.timestamp()));
        json.set("error", Json.object().put("code", failed.error()));
        yield json;
      }
      case MessageUnreadable unreadable -> {
        ObjectNode json = Json.object().put("message_id", unreadable.message().value());
        json.set("from", sender(unreadable.from()));
        yield json.put("chat", unreadable.chat())
            .put("timestamp", Timestamps.format(unreadable.timestamp()))
            .put("reason", unreadable.reason());
      }
    };
  }

  private static ObjectNode sender(Contact contact) {
    return recipient(contact).put("push_name", contact.pushName());
  }

  private static ObjectNode recipient(Contact contact) {
    return Json.object().put("phone_number", e164(contact.phoneNumber())).put("lid", contact.lid());
  }

  private static @Nullable String wire(@Nullable StatusReason reason) {
    return reason == null ? null : reason.wire();
  }

  private static @Nullable String e164(@Nullable PhoneNumber phoneNumber) {
    return phoneNumber == null ? null : phoneNumber.e164();
  }
}
