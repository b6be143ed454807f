package dev.heliograph.health;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Objects;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers by HTTP how a worker is: {@code /healthz} whether it lives, {@code /readyz} whether it
 * can work, {@code /metrics} what it counts. Asks nobody who is asking: it says nothing of any
 * customer.
 */
public final class HealthServer {
  private static final String JSON = "application/json";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
  private static final Logger log = LoggerFactory.getLogger(HealthServer.class);

  private final Vertx vertx;
  private final Vitals vitals;
  private final Supplier<String> metrics;
  private final URI endpoint;

  private HealthServer(
      Vertx vertx, InetSocketAddress address, Vitals vitals, Supplier<String> metrics) {
    this.vertx = vertx;
    this.vitals = vitals;
    this.metrics = metrics;
    HttpServer server = vertx.createHttpServer().requestHandler(this::answer);
    this.endpoint = Port.open(server, address, "HELIOGRAPH_HEALTH");
  }

  /**
   * Starts to listen; ends with its {@code vertx}.
   *
   * @param address with port 0 for any that is free
   * @param metrics in Prometheus' text format; may take its time
   * @throws CannotListenException if the port is taken or the address is not this machine's
   */
  public static HealthServer start(
      Vertx vertx, InetSocketAddress address, Vitals vitals, Supplier<String> metrics) {
    return new HealthServer(vertx, address, vitals, metrics);
  }

  /** Where it answers. */
  public URI endpoint() {
    return endpoint;
  }

  private void answer(HttpServerRequest request) {
    if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
      request.response().putHeader("Allow", "GET, HEAD").setStatusCode(405).end();
      return;
    }
    switch (Objects.requireNonNullElse(request.path(), "")) {
      case "/healthz" -> answer(request, vitals.isAlive() ? "" : "stalled");
      case "/readyz" -> answer(request, vitals.unready().map(Vitals.Unready::wire).orElse(""));
      case "/metrics" -> scrape(request);
      default -> request.response().setStatusCode(404).end();
    }
  }

  /**
   * Answers that all is well, or why not.
   *
   * @param reason empty if all is well
   */
  private static void answer(HttpServerRequest request, String reason) {
    boolean isWell = reason.isEmpty();
    String body =
        isWell
            ? "{\"status\":\"ok\"}"
            : "{\"status\":\"unavailable\",\"reason\":\"" + reason + "\"}";
    request.response().setStatusCode(isWell ? 200 : 503).putHeader("Cache-Control", "no-store");
    end(request, JSON, body);
  }

  /** Not on the event loop: it looks at each session's mailbox. */
  private void scrape(HttpServerRequest request) {
    vertx
        .executeBlocking(metrics::get, false)
        .onSuccess(text -> end(request, PROMETHEUS, Objects.requireNonNull(text)))
        .onFailure(
            defect -> {
              log.atError().setCause(defect).log("metrics cannot be read");
              request.response().setStatusCode(500).end();
            });
  }

  private static Future<Void> end(HttpServerRequest request, String contentType, String body) {
    HttpServerResponse response = request.response().putHeader("Content-Type", contentType);
    return request.method().equals(HttpMethod.HEAD) ? response.end() : response.end(body);
  }
}
