package dev.heliograph.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A customer's endpoint that keeps the events it is sent. */
final class WebhookReceiver implements AutoCloseable {
  private final List<JsonNode> events = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  WebhookReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.createContext("/", this::receive);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/events");
  }

  /** The types in the order of their first arrival. */
  List<String> types() {
    return events.stream().map(event -> event.get("type").asText()).distinct().toList();
  }

  List<JsonNode> ofType(String type) {
    return events.stream().filter(event -> event.get("type").asText().equals(type)).toList();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void receive(HttpExchange exchange) throws IOException {
    try (exchange) {
      events.add(new ObjectMapper().readTree(exchange.getRequestBody()));
      exchange.sendResponseHeaders(204, -1);
    }
  }
}
