package dev.heliograph.bench.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** In front of a server that answers with what it was asked, and remembers it. */
class DynamoDbProxyTest {
  private final Vertx vertx = Vertx.vertx();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final HttpServer server = start();
  private final DynamoDbProxy proxy =
      DynamoDbProxy.start(vertx, URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private HttpServer start() {
    try {
      HttpServer started =
          HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
      started.createContext("/", this::echo);
      started.start();
      return started;
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private void echo(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      asked.add(new String(body, StandardCharsets.UTF_8));
      String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
      exchange.getResponseHeaders().add("X-Amz-Crc32", target);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @AfterEach
  void stop() {
    proxy.close();
    server.stop(0);
    vertx.close().await();
  }

  private HttpResponse<String> ask(String body, Duration timeout)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(proxy.endpoint())
            .timeout(timeout)
            .header("X-Amz-Target", "Put")
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> ask(String body) throws IOException, InterruptedException {
    return ask(body, Duration.ofSeconds(10));
  }

  @Test
  void inFairWeatherEverythingPassesThrough() throws Exception {
    HttpResponse<String> answer = ask("one");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("one");
    assertThat(answer.headers().firstValue("x-amz-crc32")).hasValue("Put");
  }

  @Test
  void whatIsThrottledWasNotDone() throws Exception {
    proxy.turn(Weather.THROTTLED, 1);

    HttpResponse<String> answer = ask("one");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("#ProvisionedThroughputExceededException");
    assertThat(asked).isEmpty();
  }

  @Test
  void anAnswerIsLostAndWhatWasAskedIsDone() throws Exception {
    proxy.turn(Weather.ANSWERS_LOST, 1);

    assertThatThrownBy(() -> ask("one")).isInstanceOf(IOException.class);

    // The client itself may have asked again, on another connection.
    assertThat(asked).isNotEmpty().containsOnly("one");
  }

  @Test
  void whatIsStalledIsDoneWhenNobodyWaitsForItAnyMore() throws Exception {
    ask("zero"); // or what is stalled would still be connecting when its time is up
    asked.clear();
    proxy.turn(Weather.STALLED, 1);
    assertThatThrownBy(() -> ask("one", Duration.ofSeconds(2))).isInstanceOf(IOException.class);
    assertThat(asked).isEmpty();

    proxy.clear();

    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(asked).containsExactly("one"));
    assertThat(ask("two").body()).isEqualTo("two");
  }
}
