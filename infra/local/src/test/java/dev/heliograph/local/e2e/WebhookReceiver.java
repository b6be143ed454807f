package dev.heliograph.local.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.heliograph.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A customer's endpoint: keeps what comes with a good signature and answers 204, refuses the rest.
 */
public final class WebhookReceiver implements AutoCloseable {
  private static final int BACKLOG = 200;

  private final List<Delivery> deliveries;
  private final Consumer<Delivery> listener;
  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private final Map<Kind, Integer> counts = new ConcurrentHashMap<>();
  private final AtomicInteger unverified = new AtomicInteger();
  private final Set<String> toFail = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private volatile @Nullable Webhook webhook;

  private record Kind(String instance, String type) {}

  /** A request: the same event may come more than once. */
  public record Delivery(String webhookId, JsonNode event) {
    public String type() {
      return event.path("type").asText();
    }

    String instance() {
      return event.path("instance_id").asText();
    }

    public long sequence() {
      return event.path("sequence").asLong();
    }

    public JsonNode data() {
      return event.path("data");
    }
  }

  private WebhookReceiver(
      HttpServer server, List<Delivery> deliveries, Consumer<Delivery> listener) {
    this.server = server;
    this.deliveries = deliveries;
    this.listener = listener;
  }

  static WebhookReceiver start() throws IOException {
    List<Delivery> kept = new CopyOnWriteArrayList<>();
    return start(kept, kept::add);
  }

  /**
   * One that keeps nothing itself.
   *
   * @param listener told of each request with a good signature, by several threads
   */
  public static WebhookReceiver start(Consumer<Delivery> listener) throws IOException {
    return start(List.of(), listener);
  }

  private static WebhookReceiver start(List<Delivery> deliveries, Consumer<Delivery> listener)
      throws IOException {
    InetSocketAddress loopback = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    // A burst of deliveries must not wait for the kernel's SYN retries.
    HttpServer server = HttpServer.create(loopback, BACKLOG);
    WebhookReceiver receiver = new WebhookReceiver(server, deliveries, listener);
    receiver.server.createContext("/hook", receiver::handle);
    receiver.server.setExecutor(receiver.threads);
    receiver.server.start();
    return receiver;
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook");
  }

  /** Says with what the gateway signs. */
  public void verifyWith(String secret) {
    webhook = new Webhook(secret);
  }

  /** Answers the next request about an instance with 503, although it keeps it. */
  void fail(String instance) {
    toFail.add(instance);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      Webhook verifier = webhook;
      if (verifier == null || !isSigned(verifier, exchange, body)) {
        unverified.incrementAndGet();
        exchange.sendResponseHeaders(401, -1);
        return;
      }
      String id = exchange.getRequestHeaders().getFirst("webhook-id");
      Delivery delivery = new Delivery(id, Json.read(body));
      take(delivery);
      boolean fails = toFail.remove(delivery.instance());
      exchange.sendResponseHeaders(fails ? 503 : 204, -1);
    }
  }

  private void take(Delivery delivery) {
    listener.accept(delivery);
    if (seen.add(delivery.webhookId())) {
      counts.merge(new Kind(delivery.instance(), delivery.type()), 1, Integer::sum);
    }
  }

  /** How many events of a type there were: less work than to look at them. */
  int count(String instance, String type) {
    return counts.getOrDefault(new Kind(instance, type), 0);
  }

  private static boolean isSigned(Webhook verifier, HttpExchange exchange, String body) {
    try {
      verifier.verify(body, HttpHeaders.of(exchange.getRequestHeaders(), (name, value) -> true));
      return true;
    } catch (WebhookVerificationException forged) {
      return false;
    }
  }

  /** How many requests had no good signature. */
  public int unverified() {
    return unverified.get();
  }

  /** Every request about an instance, in the order in which they came. */
  List<Delivery> deliveries(String instance) {
    return deliveries.stream().filter(delivery -> delivery.instance().equals(instance)).toList();
  }

  /** Each event of an instance once, in the order of their sequence. */
  List<Delivery> events(String instance) {
    Map<String, Delivery> first = new LinkedHashMap<>();
    deliveries(instance).forEach(delivery -> first.putIfAbsent(delivery.webhookId(), delivery));
    return first.values().stream().sorted(Comparator.comparing(Delivery::sequence)).toList();
  }

  /** The types of an instance's events, in the order of their sequence. */
  List<String> types(String instance) {
    return events(instance).stream().map(Delivery::type).toList();
  }

  /** The events of one type. */
  List<Delivery> events(String instance, String type) {
    return events(instance).stream().filter(event -> event.type().equals(type)).toList();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
