package dev.heliograph.local.lambda;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lambda's runtime API with SnapStart: the emulator's, and over it the one call that the emulator
 * does not know, with which a runtime says that it can be snapshot. Its answer means that it was
 * restored.
 */
final class RuntimeApi implements AutoCloseable {
  private static final String RESTORE = "/2018-06-01/runtime/restore/next";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String emulator;
  private final AtomicInteger restores = new AtomicInteger();

  private RuntimeApi(HttpServer server, String emulator) {
    this.server = server;
    this.emulator = emulator;
  }

  /** In front of the emulator's, which is at this host and port. */
  static RuntimeApi inFrontOf(String emulator) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    RuntimeApi api = new RuntimeApi(server, emulator);
    server.createContext("/", api::handle);
    server.setExecutor(api.threads);
    server.start();
    return api;
  }

  /** Host and port. */
  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** How often a runtime was restored. */
  int restores() {
    return restores.get();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (exchange.getRequestURI().getPath().equals(RESTORE)) {
        restores.incrementAndGet();
        exchange.sendResponseHeaders(200, -1);
      } else {
        forward(exchange);
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private void forward(HttpExchange exchange) throws IOException, InterruptedException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + emulator + exchange.getRequestURI()))
            .method(
                exchange.getRequestMethod(),
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (isOurs(name)) values.forEach(value -> request.header(name, value));
            });
    HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
    response
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (isOurs(name)) exchange.getResponseHeaders().put(name, values);
            });
    int length = response.body().length;
    exchange.sendResponseHeaders(response.statusCode(), length == 0 ? -1 : length);
    if (length > 0) exchange.getResponseBody().write(response.body());
  }

  /** The others are about one connection and its bytes. */
  private static boolean isOurs(String header) {
    return header.regionMatches(true, 0, "Lambda-", 0, 7)
        || header.equalsIgnoreCase("Content-Type");
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    http.shutdownNow();
  }
}
