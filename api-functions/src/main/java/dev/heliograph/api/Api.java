package dev.heliograph.api;

import dev.heliograph.account.Accounts;
import dev.heliograph.account.ApiKey;
import dev.heliograph.account.CustomerId;
import dev.heliograph.json.Json;
import java.util.List;

/** The table of routes, and who may take them. */
public final class Api {
  private static final ApiResponse HEALTHY = ApiResponse.ok(Json.object().put("status", "ok"));

  private final Accounts accounts;
  private final Router<Answering> routes;

  /** With everything given. */
  public Api(
      Accounts accounts,
      InstanceRoutes instances,
      QrRoute qr,
      MessageRoutes messages,
      WebhookRoutes webhooks) {
    this.accounts = accounts;
    this.routes =
        new Router<Answering>()
            .on("GET", "/v1/health", (path, request) -> HEALTHY)
            .on("POST", "/v1/instances", forCustomer(instances::create))
            .on("GET", "/v1/instances", forCustomer(instances::list))
            .on("GET", "/v1/instances/{instance_id}", forCustomer(instances::get))
            .on("DELETE", "/v1/instances/{instance_id}", forCustomer(instances::delete))
            .on("GET", "/v1/instances/{instance_id}/qr", forCustomer(qr::get))
            .on("POST", "/v1/instances/{instance_id}/connect", forCustomer(instances::connect))
            .on(
                "POST",
                "/v1/instances/{instance_id}/disconnect",
                forCustomer(instances::disconnect))
            .on("POST", "/v1/instances/{instance_id}/logout", forCustomer(instances::logout))
            .on("POST", "/v1/instances/{instance_id}/messages", forCustomer(messages::send))
            .on(
                "GET",
                "/v1/instances/{instance_id}/messages/{message_id}",
                forCustomer(messages::get))
            .on("POST", "/v1/webhooks", forCustomer(webhooks::create))
            .on("GET", "/v1/webhooks", forCustomer(webhooks::list))
            .on("GET", "/v1/webhooks/{webhook_id}", forCustomer(webhooks::get))
            .on("DELETE", "/v1/webhooks/{webhook_id}", forCustomer(webhooks::delete));
  }

  ApiResponse answer(ApiRequest request) {
    Router.Match<Answering> match = routes.find(request.method(), request.path());
    return match.action().answer(match.path(), request);
  }

  /** What a route does, whoever asks. */
  private interface Answering {
    ApiResponse answer(PathParameters path, ApiRequest request);
  }

  private Answering forCustomer(Action action) {
    return (path, request) -> action.act(customer(request), path, request);
  }

  /** Every route, as {@code METHOD /path}. */
  List<String> routes() {
    return routes.lines();
  }

  private CustomerId customer(ApiRequest request) {
    return request
        .header("authorization")
        .flatMap(ApiKey::inAuthorization)
        .flatMap(accounts::owner)
        .orElseThrow(ApiException::unauthorized);
  }
}
