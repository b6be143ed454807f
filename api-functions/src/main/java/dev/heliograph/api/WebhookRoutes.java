package dev.heliograph.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.account.CustomerId;
import dev.heliograph.event.EventType;
import dev.heliograph.json.Json;
import dev.heliograph.json.Timestamps;
import dev.heliograph.webhook.AddressGuard;
import dev.heliograph.webhook.Endpoint;
import dev.heliograph.webhook.EndpointId;
import dev.heliograph.webhook.EndpointUrl;
import dev.heliograph.webhook.Endpoints;
import dev.heliograph.webhook.NewEndpoint;
import dev.heliograph.webhook.RefusedTargetException;
import dev.heliograph.webhook.TooManyEndpointsException;
import java.util.List;
import java.util.Optional;

/** Where a customer wants its events. */
public final class WebhookRoutes {
  private static final int URL_LENGTH = 2048;

  private final Endpoints endpoints;
  private final AddressGuard guard;

  /** With everything given. */
  public WebhookRoutes(Endpoints endpoints, AddressGuard guard) {
    this.endpoints = endpoints;
    this.guard = guard;
  }

  /** The only answer that has the secret in it, as often as it is asked for under the same key. */
  ApiResponse create(CustomerId customer, PathParameters path, ApiRequest request) {
    Fields fields = Fields.of(request);
    EndpointUrl url = url(fields.text("url", URL_LENGTH));
    List<String> events = fields.optionalTexts("events").stream().distinct().toList();
    events.forEach(WebhookRoutes::checkType);
    fields.end();
    checkTarget(url);

    NewEndpoint created = create(customer, IdempotencyKey.of(request), url, events);
    if (!created.endpoint().url().equals(url) || !created.endpoint().events().equals(events)) {
      throw IdempotencyKey.reused();
    }
    return ApiResponse.created(json(created.endpoint()).put("secret", created.secret().text()));
  }

  ApiResponse list(CustomerId customer, PathParameters path, ApiRequest request) {
    return ApiResponse.list(endpoints.list(customer), WebhookRoutes::json);
  }

  ApiResponse get(CustomerId customer, PathParameters path, ApiRequest request) {
    return endpoints
        .find(customer, path.webhook())
        .map(endpoint -> ApiResponse.ok(json(endpoint)))
        .orElseThrow(NotFound::webhook);
  }

  ApiResponse delete(CustomerId customer, PathParameters path, ApiRequest request) {
    if (!endpoints.delete(customer, path.webhook())) {
      throw NotFound.webhook();
    }
    return ApiResponse.noContent();
  }

  private NewEndpoint create(
      CustomerId customer, Optional<String> key, EndpointUrl url, List<String> events) {
    try {
      return key.map(it -> EndpointId.ofIdempotencyKey(customer, it))
          .map(id -> endpoints.create(customer, id, url, events))
          .orElseGet(() -> endpoints.create(customer, url, events));
    } catch (TooManyEndpointsException full) {
      throw ApiException.conflict(
          "too_many_webhooks",
          "There are %d webhooks. Delete one first.".formatted(Endpoints.LIMIT));
    }
  }

  /** A mistake in a URL is best told to who makes it; each attempt looks again. */
  private void checkTarget(EndpointUrl url) {
    try {
      guard.addressesOf(url);
    } catch (RefusedTargetException refused) {
      throw ApiException.invalidField("url", String.valueOf(refused.getMessage()));
    }
  }

  private static EndpointUrl url(String text) {
    try {
      return new EndpointUrl(text);
    } catch (IllegalArgumentException rule) {
      throw ApiException.invalidField("url", String.valueOf(rule.getMessage()));
    }
  }

  private static void checkType(String event) {
    if (EventType.parse(event).isEmpty()) {
      throw ApiException.invalidField("events", "must be types of events that there are");
    }
  }

  private static ObjectNode json(Endpoint endpoint) {
    ArrayNode events = Json.object().arrayNode();
    endpoint.events().forEach(events::add);
    ObjectNode json =
        Json.object().put("id", endpoint.id().value()).put("url", endpoint.url().text());
    json.set("events", events);
    return json.put("created_at", Timestamps.format(endpoint.createdAt()));
  }
}
