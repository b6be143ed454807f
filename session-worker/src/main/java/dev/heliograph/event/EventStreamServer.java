package dev.heliograph.event;

import dev.heliograph.api.ApiException;
import dev.heliograph.health.CannotListenException;
import dev.heliograph.health.Port;
import dev.heliograph.health.Vitals;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * The port that a load balancer reaches a worker's event streams by. Its {@code /healthz} says
 * whether the process lives, as the one of the health port does: a balancer that finds a worker
 * unwell has it replaced.
 */
public final class EventStreamServer implements AutoCloseable {
  /** Longer than a balancer's 60, which else sends a request into a connection that closes. */
  static final int IDLE_SECONDS = 75;

  private static final int MAX_HEADERS = 10_240;

  private final EventStreams streams;
  private final Vitals vitals;
  private final HttpServer server;
  private final URI endpoint;

  private EventStreamServer(
      Vertx vertx, InetSocketAddress address, EventStreams streams, Vitals vitals) {
    this.streams = streams;
    this.vitals = vitals;
    HttpServerOptions options =
        new HttpServerOptions()
            .setHttp2ClearTextEnabled(false)
            .setMaxHeaderSize(MAX_HEADERS)
            .setMaxInitialLineLength(MAX_HEADERS)
            // Who does not read what is written is idle too.
            .setIdleTimeout(IDLE_SECONDS)
            .setIdleTimeoutUnit(TimeUnit.SECONDS);
    this.server = vertx.createHttpServer(options).requestHandler(this::answer);
    this.endpoint = Port.open(server, address, "HELIOGRAPH_STREAM");
  }

  /**
   * Starts to listen; ends with its {@code vertx} at the latest.
   *
   * @param address with port 0 for any that is free
   * @throws CannotListenException if the port is taken or the address is not this machine's
   */
  public static EventStreamServer start(
      Vertx vertx, InetSocketAddress address, EventStreams streams, Vitals vitals) {
    return new EventStreamServer(vertx, address, streams, vitals);
  }

  /** Where it answers. */
  public URI endpoint() {
    return endpoint;
  }

  private void answer(HttpServerRequest request) {
    switch (Objects.requireNonNullElse(request.path(), "")) {
      case EventStreams.PATH -> streams.answer(request);
      case "/healthz" -> request.response().setStatusCode(vitals.isAlive() ? 200 : 503).end();
      default ->
          EventStreams.refuse(
              request.response(),
              ApiException.notFound("not_found", "There is nothing at this path."));
    }
  }

  /** Ends the streams in good order; who comes again finds another worker. */
  @Override
  public void close() {
    streams.close();
    server.close(); // It cuts off whatever is still open.
  }
}
