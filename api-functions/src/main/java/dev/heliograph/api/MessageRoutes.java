package dev.heliograph.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.account.CustomerId;
import dev.heliograph.authstate.PairingId;
import dev.heliograph.command.Doorbell;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.Instances;
import dev.heliograph.instance.PhoneNumber;
import dev.heliograph.json.Json;
import dev.heliograph.json.Timestamps;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageBody;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageStatus;
import dev.heliograph.message.Messages;
import dev.heliograph.message.WhatsAppId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Messages to be sent: accepted and queued here, moved on by the session alone. */
public final class MessageRoutes {
  private static final int CLIENT_REF_LENGTH = 200;

  /** A message is encrypted for each device of both sides, and all that has to fit into a row. */
  private static final int TEXT_BYTES = 32 * 1024;

  private final Instances instances;
  private final Messages messages;
  private final Doorbell doorbell;
  private final Duration sendDeadline;
  private final InstantSource clock;

  /** With everything given. */
  public MessageRoutes(
      Instances instances,
      Messages messages,
      Doorbell doorbell,
      Duration sendDeadline,
      InstantSource clock) {
    this.instances = instances;
    this.messages = messages;
    this.doorbell = doorbell;
    this.sendDeadline = sendDeadline;
    this.clock = clock;
  }

  ApiResponse send(CustomerId customer, PathParameters path, ApiRequest request) {
    Instance instance = instances.find(customer, path.instance()).orElseThrow(NotFound::instance);
    Sending sending = Sending.of(request);

    String whatsappId = sending.whatsappId(instance);
    Message message =
        earlier(instance, sending, whatsappId)
            .orElseGet(() -> accept(instance, sending, whatsappId));
    if (!sending.asksFor(message)) {
      throw sending.reused();
    }
    // Also for one that was there: the ring that it had may have been lost.
    if (message.status() == MessageStatus.QUEUED) {
      doorbell.ring(instance.id(), instance.shard(), message.place());
    }
    return ApiResponse.accepted(
        Json.object()
            .put("message_id", message.id().value())
            .put("client_ref", message.clientRef()));
  }

  ApiResponse get(CustomerId customer, PathParameters path, ApiRequest request) {
    Instance instance = instances.find(customer, path.instance()).orElseThrow(NotFound::instance);
    Message message = messages.find(instance.id(), path.message()).orElseThrow(NotFound::message);
    return ApiResponse.ok(json(message));
  }

  /** The message of the same name, which is the answer whatever has become of the connection. */
  private Optional<Message> earlier(Instance instance, Sending sending, String whatsappId) {
    return sending.isNamed()
        ? messages.find(instance.id(), MessageId.outbound(instance.id(), whatsappId))
        : Optional.empty();
  }

  private Message accept(Instance instance, Sending sending, String whatsappId) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return messages.accept(
        Message.queued(
            instance.id(),
            instance.customer(),
            instance.shard(),
            pairing(instance),
            whatsappId,
            sending.to(),
            sending.body(),
            sending.clientRef(),
            now,
            now.plus(sendDeadline)));
  }

  /**
   * The pairing to send it. What the row says counts, and not whether a worker holds the instance
   * just now: another one is about to.
   */
  private static PairingId pairing(Instance instance) {
    PairingId pairing = instance.pairing();
    boolean up =
        switch (instance.status()) {
          case CONNECTED, CONNECTING -> true;
          case PENDING, QR, DISCONNECTED, FAILED -> false;
        };
    if (!up || pairing == null) {
      throw ApiException.conflict(
          "not_connected",
          "The instance is %s, and cannot send now.".formatted(instance.status().wire()));
    }
    return pairing;
  }

  private static JsonNode json(Message message) {
    ObjectNode json =
        Json.object()
            .put("message_id", message.id().value())
            .put("instance_id", message.instance().value())
            .put("client_ref", message.clientRef())
            .put("to", message.to().e164())
            .put("status", message.status().wire());
    String error = message.error();
    json.set("error", error == null ? null : Json.object().put("code", error));
    return json.put("accepted_at", Timestamps.format(message.acceptedAt()))
        .put("sent_at", Timestamps.formatNullable(message.sentAt()))
        .put("delivered_at", Timestamps.formatNullable(message.deliveredAt()))
        .put("read_at", Timestamps.formatNullable(message.readAt()));
  }

  /** What a request asks to be sent. */
  private record Sending(
      PhoneNumber to,
      MessageBody body,
      @Nullable String clientRef,
      @Nullable String idempotencyKey) {

    static Sending of(ApiRequest request) {
      Fields fields = Fields.of(request);
      PhoneNumber to =
          PhoneNumber.parse(fields.text("to", 32))
              .orElseThrow(
                  () ->
                      ApiException.invalidField(
                          "to",
                          "must be a phone number with its country code, such as +14155550123"));
      Fields body = fields.object("body");
      MessageBody content = body(body);
      body.end();
      Optional<String> clientRef = fields.optionalText("client_ref", CLIENT_REF_LENGTH);
      fields.end();
      Optional<String> idempotencyKey = IdempotencyKey.of(request);
      return new Sending(to, content, clientRef.orElse(null), idempotencyKey.orElse(null));
    }

    private static MessageBody body(Fields fields) {
      String type = fields.text("type", 32);
      if (!type.equals(MessageBody.Text.TYPE)) {
        throw ApiException.invalidField("body.type", "must be \"text\"");
      }
      String text = fields.text("text", TEXT_BYTES);
      if (text.getBytes(StandardCharsets.UTF_8).length > TEXT_BYTES) {
        throw ApiException.invalidField(
            "body.text", "must have at most %d bytes in UTF-8".formatted(TEXT_BYTES));
      }
      return new MessageBody.Text(text);
    }

    /** The customer's own name for the message is the stronger one: it outlives the request. */
    String whatsappId(Instance instance) {
      if (clientRef != null) {
        return WhatsAppId.ofClientRef(instance.id(), clientRef);
      }
      return idempotencyKey == null
          ? WhatsAppId.random()
          : WhatsAppId.ofIdempotencyKey(instance.id(), idempotencyKey);
    }

    boolean isNamed() {
      return clientRef != null || idempotencyKey != null;
    }

    boolean asksFor(Message message) {
      return message.to().equals(to) && message.body().equals(body);
    }

    ApiException reused() {
      return clientRef != null
          ? ApiException.conflict("client_ref_reused", "Another message has this client_ref.")
          : IdempotencyKey.reused();
    }

    @Override
    public String toString() {
      return "[sending]";
    }
  }
}
