package dev.heliograph.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.json.Json;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthServerTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicLong nanos = new AtomicLong();
  private final Vitals vitals = new Vitals(Duration.ofSeconds(4), nanos::get);

  @AfterEach
  void stop() {
    http.close();
    vertx.close().await();
  }

  private HealthServer start(Supplier<String> metrics) {
    return HealthServer.start(vertx, ANY_PORT, vitals, metrics);
  }

  private HttpResponse<String> call(HealthServer server, String method, String path)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(server.endpoint().resolve(path))
            .method(method, BodyPublishers.noBody())
            .build(),
        BodyHandlers.ofString());
  }

  @Test
  void saysWhetherItIsReadyAndWhyNot() throws Exception {
    HealthServer server = start(() -> "");
    HttpResponse<String> starting = call(server, "GET", "/readyz");
    vitals.beaten(true);
    HttpResponse<String> ready = call(server, "GET", "/readyz?verbose");

    assertThat(starting.statusCode()).isEqualTo(503);
    assertThat(starting.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(Json.read(starting.body()))
        .isEqualTo(Json.object().put("status", "unavailable").put("reason", "starting"));
    assertThat(ready.statusCode()).isEqualTo(200);
    assertThat(Json.read(ready.body())).isEqualTo(Json.object().put("status", "ok"));
  }

  @Test
  void saysWhetherItLives() throws Exception {
    HealthServer server = start(() -> "");
    HttpResponse<String> alive = call(server, "GET", "/healthz");
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    HttpResponse<String> stalled = call(server, "GET", "/healthz");

    assertThat(alive.statusCode()).isEqualTo(200);
    assertThat(stalled.statusCode()).isEqualTo(503);
    assertThat(Json.read(stalled.body()).path("reason").asText()).isEqualTo("stalled");
  }

  @Test
  void metricsAreInPrometheusFormatAndReadOffTheEventLoop() throws Exception {
    HealthServer server = start(() -> "on_event_loop " + Context.isOnEventLoopThread());

    HttpResponse<String> metrics = call(server, "GET", "/metrics");

    assertThat(metrics.statusCode()).isEqualTo(200);
    assertThat(metrics.headers().firstValue("Content-Type"))
        .contains("text/plain; version=0.0.4; charset=utf-8");
    assertThat(metrics.body()).isEqualTo("on_event_loop false");
  }

  @Test
  void metricsThatFailAreAnErrorWithoutAWord() throws Exception {
    HealthServer server =
        start(
            () -> {
              throw new IllegalStateException("inner secret");
            });

    HttpResponse<String> metrics = call(server, "GET", "/metrics");

    assertThat(metrics.statusCode()).isEqualTo(500);
    assertThat(metrics.body()).isEmpty();
  }

  @Test
  void nothingElseIsAnswered() throws Exception {
    HealthServer server = start(() -> "");

    assertThat(call(server, "GET", "/").statusCode()).isEqualTo(404);
    assertThat(call(server, "POST", "/healthz").statusCode()).isEqualTo(405);
    HttpResponse<String> head = call(server, "HEAD", "/healthz");
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
  }

  @Test
  void aPortInUseIsSaidWithWhatToDoAboutIt() {
    int port = start(() -> "").endpoint().getPort();
    InetSocketAddress taken = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);

    assertThatThrownBy(() -> HealthServer.start(vertx, taken, vitals, () -> ""))
        .isInstanceOf(CannotListenException.class)
        .hasMessageContainingAll("127.0.0.1 port " + port, "in use", "HELIOGRAPH_HEALTH_PORT");
  }
}
