package dev.heliograph.webhook;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A customer's server on loopback: notes what it gets, and answers what it is told to. */
public final class Receiver implements AutoCloseable {
  private final HttpServer server;
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private volatile Answering answering = exchange -> exchange.sendResponseHeaders(204, -1);

  /** What came in; header names in lower case. */
  public record Received(Map<String, String> headers, String body) {
    public String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  /** What it does with a request. */
  @FunctionalInterface
  public interface Answering {
    void to(HttpExchange exchange) throws IOException;
  }

  private Receiver(HttpServer server) {
    this.server = server;
    server.createContext("/", this::handle);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  public static Receiver start() {
    return new Receiver(create(null));
  }

  static Receiver start(SSLContext tls) {
    return new Receiver(create(tls));
  }

  public void answer(Answering answering) {
    this.answering = answering;
  }

  public void answer(int status) {
    answer(exchange -> exchange.sendResponseHeaders(status, -1));
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public EndpointUrl url() {
    return new EndpointUrl("http://127.0.0.1:%d/hook?tenant=7".formatted(port()));
  }

  public List<Received> received() {
    return received;
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      Map<String, String> headers =
          exchange.getRequestHeaders().entrySet().stream()
              .collect(
                  Collectors.toMap(
                      header -> header.getKey().toLowerCase(Locale.ROOT),
                      header -> String.join(",", header.getValue())));
      received.add(new Received(headers, body));
      answering.to(exchange);
    }
  }

  private static HttpServer create(@Nullable SSLContext tls) {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try {
      if (tls == null) {
        return HttpServer.create(anyPort, 0);
      }
      HttpsServer server = HttpsServer.create(anyPort, 0);
      server.setHttpsConfigurator(new HttpsConfigurator(tls));
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
