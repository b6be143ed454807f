package dev.heliograph.api;

import dev.heliograph.account.Accounts;
import dev.heliograph.account.ApiKey;
import dev.heliograph.account.CustomerId;
import dev.heliograph.json.Json;
import java.util.List;
import java.util.Locale;

/** The table of routes, and who may take them. */
public final class Api {
  private static final String HEALTH = "/v1/health";
  private static final String BEARER = "bearer ";

  private final Accounts accounts;
  private final Router<Action> routes;

  /** With everything given. */
  public Api(
      Accounts accounts,
      InstanceRoutes instances,
      QrRoute qr,
      MessageRoutes messages,
      WebhookRoutes webhooks) {
    this.accounts = accounts;
    this.routes =
        new Router<Action>()
            .on("POST", "/v1/instances", instances::create)
            .on("GET", "/v1/instances", instances::list)
            .on("GET", "/v1/instances/{instance_id}", instances::get)
            .on("DELETE", "/v1/instances/{instance_id}", instances::delete)
            .on("GET", "/v1/instances/{instance_id}/qr", qr::get)
            .on("POST", "/v1/instances/{instance_id}/connect", instances::connect)
            .on("POST", "/v1/instances/{instance_id}/disconnect", instances::disconnect)
            .on("POST", "/v1/instances/{instance_id}/logout", instances::logout)
            .on("POST", "/v1/instances/{instance_id}/messages", messages::send)
            .on("GET", "/v1/instances/{instance_id}/messages/{message_id}", messages::get)
            .on("POST", "/v1/webhooks", webhooks::create)
            .on("GET", "/v1/webhooks", webhooks::list)
            .on("GET", "/v1/webhooks/{webhook_id}", webhooks::get)
            .on("DELETE", "/v1/webhooks/{webhook_id}", webhooks::delete);
  }

  ApiResponse answer(ApiRequest request) {
    if (request.method().equals("GET") && request.path().equals(HEALTH)) {
      return ApiResponse.ok(Json.object().put("status", "ok"));
    }
    Router.Match<Action> match = routes.find(request.method(), request.path());
    return match.action().act(customer(request), match.path(), request);
  }

  /** Every route, as {@code METHOD /path}. */
  List<String> routes() {
    return routes.lines();
  }

  private CustomerId customer(ApiRequest request) {
    return request
        .header("authorization")
        .filter(value -> value.toLowerCase(Locale.ROOT).startsWith(BEARER))
        .flatMap(value -> ApiKey.parse(value.substring(BEARER.length()).strip()))
        .flatMap(accounts::owner)
        .orElseThrow(ApiException::unauthorized);
  }
}
