package dev.heliograph.health;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.InetSocketAddress;
import java.net.SocketException;
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
  private final HttpServer server;

  private HealthServer(Vertx vertx, Vitals vitals, Supplier<String> metrics) {
    this.vertx = vertx;
    this.vitals = vitals;
    this.metrics = metrics;
    this.server = vertx.createHttpServer().requestHandler(this::answer);
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
    HealthServer health = new HealthServer(vertx, vitals, metrics);
    try {
      health.server.listen(address.getPort(), address.getAddress().getHostAddress()).await();
    } catch (Exception taken) {
      // await throws what listening has failed with, checked or not.
      if (taken instanceof SocketException) {
        throw new CannotListenException(address, taken);
      }
      throw taken;
    }
    return health;
  }

  /** The port that it listens on. */
  public int port() {
    return server.actualPort();
  }

  private void answer(HttpServerRequest request) {
    if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
      request.response().putHeader("Allow", "GET, HEAD").setStatusCode(405).end();
      return;
    }
    switch (Objects.requireNonNullElse(request.path(), "")) {
      case "/healthz" -> answer(request.response(), vitals.isAlive(), "stalled");
      case "/readyz" ->
          answer(
              request.response(),
              vitals.unready().isEmpty(),
              vitals.unready().map(Vitals.Unready::wire).orElse(""));
      case "/metrics" -> scrape(request.response());
      default -> request.response().setStatusCode(404).end();
    }
  }

  private static void answer(HttpServerResponse response, boolean isWell, String reason) {
    response.putHeader("Content-Type", JSON).putHeader("Cache-Control", "no-store");
    if (isWell) {
      response.end("{\"status\":\"ok\"}");
    } else {
      response.setStatusCode(503).end("{\"status\":\"unavailable\",\"reason\":\"" + reason + "\"}");
    }
  }

  /** Not on the event loop: it looks at each session's mailbox. */
  private void scrape(HttpServerResponse response) {
    vertx
        .executeBlocking(
            () -> response.putHeader("Content-Type", PROMETHEUS).end(metrics.get()), false)
        .onFailure(
            defect -> {
              log.atError().setCause(defect).log("metrics cannot be read");
              response.setStatusCode(500).end();
            });
  }
}
