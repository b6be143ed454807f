package dev.heliograph.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.webhook.AttemptOutcome.Delivered;
import dev.heliograph.webhook.AttemptOutcome.Failed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookClientTest {
  private static final Duration TOTAL = Duration.ofSeconds(10);
  private static final List<Cidr> LOOPBACK = List.of(Cidr.parse("127.0.0.0/8"));

  private final AtomicInteger lookUps = new AtomicInteger();
  private Receiver receiver;

  @BeforeEach
  void start() {
    receiver = Receiver.start();
  }

  @AfterEach
  void stop() {
    receiver.close();
  }

  @Test
  void theRequestArrivesAsItWasMeant() throws Exception {
    try (WebhookClient client = client(TOTAL)) {
      AttemptOutcome outcome =
          client.post(receiver.url(), Map.of("webhook-id", "evt_1"), "{\"text\":\"Grüße\"}");

      assertThat(outcome).isEqualTo(new Delivered());
      Receiver.Received request = receiver.received().getFirst();
      assertThat(request.body()).isEqualTo("{\"text\":\"Grüße\"}");
      assertThat(request.header("webhook-id")).isEqualTo("evt_1");
      assertThat(request.header("content-type")).startsWith("application/json");
      assertThat(request.header("host")).isEqualTo("127.0.0.1:" + receiver.port());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 400, 404, 410, 500, 503})
  void whatIsNo2xxIsAFailure(int status) throws Exception {
    receiver.answer(status);

    try (WebhookClient client = client(TOTAL)) {
      assertThat(client.post(receiver.url(), Map.of(), "{}"))
          .isEqualTo(new Failed("http_" + status));
    }
  }

  @Test
  void anIpv6LiteralKeepsItsBrackets() throws Exception {
    // Wherever the address leads to: it is the name in the URL that the Host header has.
    HostResolver loopback = host -> List.of(InetAddress.getLoopbackAddress());

    try (WebhookClient client = client(loopback, SSLContext.getDefault(), TOTAL)) {
      assertThat(client.post(url("[::1]", receiver.port()), Map.of(), "{}"))
          .isEqualTo(new Delivered());
      assertThat(receiver.received().getFirst().header("host"))
          .isEqualTo("[::1]:" + receiver.port());
    }
  }

  @Test
  void pathAndQueryArriveAsTheyAreEscapedWhereTheyMustBe() throws Exception {
    List<String> targets = new CopyOnWriteArrayList<>();
    receiver.answer(
        exchange -> {
          targets.add(exchange.getRequestURI().toString());
          exchange.sendResponseHeaders(204, -1);
        });
    String target = "http://127.0.0.1:%d/a%%2Fb/ü?q=1&r=%%20".formatted(receiver.port());

    try (WebhookClient client = client(TOTAL)) {
      client.post(new EndpointUrl(target), Map.of(), "{}");
    }

    assertThat(targets).containsExactly("/a%2Fb/%C3%BC?q=1&r=%20");
  }

  @Test
  void aRedirectIsNotFollowed() throws Exception {
    try (Receiver elsewhere = Receiver.start();
        WebhookClient client = client(TOTAL)) {
      receiver.answer(
          exchange -> {
            exchange.getResponseHeaders().set("Location", elsewhere.url().text());
            exchange.sendResponseHeaders(307, -1);
          });

      assertThat(client.post(receiver.url(), Map.of(), "{}")).isEqualTo(new Failed("http_307"));
      assertThat(elsewhere.received()).isEmpty();
    }
  }

  @Test
  void anAnswerThatDoesNotComeIsNotWaitedFor() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    receiver.answer(exchange -> await(over));

    try (WebhookClient client = client(Duration.ofMillis(500))) {
      assertThat(client.post(receiver.url(), Map.of(), "{}")).isEqualTo(new Failed("timeout"));
    } finally {
      over.countDown();
    }
  }

  @Test
  void anAnswerThatTricklesIsNotWaitedFor() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        WebhookClient client = client(Duration.ofSeconds(1))) {
      Thread.startVirtualThread(
          () -> repeat(server, "HTTP/1.1 200 OK\r\nx: ", "x", Duration.ofMillis(50)));

      assertThat(client.post(url("127.0.0.1", server.getLocalPort()), Map.of(), "{}"))
          .isEqualTo(new Failed("timeout"));
    }
  }

  @Test
  void anAnswerWithoutEndIsNotReadToIt() throws Exception {
    receiver.answer(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] chunk = new byte[64 * 1024];
          // Ends when the client hangs up.
          while (true) {
            exchange.getResponseBody().write(chunk);
          }
        });

    try (WebhookClient client = client(TOTAL)) {
      assertThat(client.post(receiver.url(), Map.of(), "{}")).isEqualTo(new Delivered());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 200 OK\r\nx: ", "HTTP/1.1 200 OK\r\n"})
  void headersWithoutEndAreNotReadToIt(String beginning) throws Exception {
    // The first header never ends, or there is always another one.
    String more = beginning.endsWith(" ") ? "x".repeat(1024) : "x: y\r\n".repeat(100);
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        WebhookClient client = client(TOTAL)) {
      Thread.startVirtualThread(() -> repeat(server, beginning, more, Duration.ZERO));

      assertThat(client.post(url("127.0.0.1", server.getLocalPort()), Map.of(), "{}"))
          .isEqualTo(new Failed("connection_failed"));
    }
  }

  @Test
  void aConnectionIsUsedAgainAfterAShortAnswer() throws Exception {
    Set<InetSocketAddress> clients = ConcurrentHashMap.newKeySet();
    receiver.answer(
        exchange -> {
          clients.add(exchange.getRemoteAddress());
          exchange.sendResponseHeaders(200, 2);
          exchange.getResponseBody().write(new byte[] {'o', 'k'});
        });

    try (WebhookClient client = client(TOTAL)) {
      client.post(receiver.url(), Map.of(), "{}");
      client.post(receiver.url(), Map.of(), "{}");
    }

    assertThat(receiver.received()).hasSize(2);
    assertThat(clients).hasSize(1);
  }

  @Test
  void aDeadEndpointIsAFailure() throws Exception {
    EndpointUrl url = receiver.url();
    receiver.close();

    try (WebhookClient client = client(TOTAL)) {
      assertThat(client.post(url, Map.of(), "{}")).isEqualTo(new Failed("connection_failed"));
    }
  }

  @Test
  void aNameIsLookedUpOnceAndTheConnectionGoesWhereItWasVetted() throws Exception {
    // The second look-up would lead to nobody: whoever asked again would fail.
    HostResolver rebinding =
        host ->
            List.of(
                InetAddress.ofLiteral(lookUps.getAndIncrement() == 0 ? "127.0.0.1" : "127.0.0.2"));

    try (WebhookClient client = client(rebinding, SSLContext.getDefault(), TOTAL)) {
      AttemptOutcome outcome = client.post(url("hooks.example", receiver.port()), Map.of(), "{}");

      assertThat(outcome).isEqualTo(new Delivered());
      assertThat(lookUps).hasValue(1);
      assertThat(receiver.received().getFirst().header("host"))
          .isEqualTo("hooks.example:" + receiver.port());
    }
  }

  @Test
  void whatTheGuardRefusesIsNotCalled() throws Exception {
    AddressGuard closed = new AddressGuard(HostResolver.system(), List.of());

    try (WebhookClient client = new WebhookClient(closed, SSLContext.getDefault(), TOTAL)) {
      assertThat(client.post(receiver.url(), Map.of(), "{}"))
          .isEqualTo(new Failed("address_not_public"));
      assertThat(receiver.received()).isEmpty();
    }
  }

  @Test
  void theCertificateHasToBeForTheNameInTheUrl(@TempDir Path folder) throws Exception {
    TestTls tls = TestTls.named("hooks.example", folder);
    HostResolver loopback = host -> List.of(InetAddress.getLoopbackAddress());

    try (Receiver secure = Receiver.start(tls.server());
        WebhookClient trusting = client(loopback, tls.client(), TOTAL);
        WebhookClient stranger = client(loopback, SSLContext.getDefault(), TOTAL)) {
      EndpointUrl right = new EndpointUrl("https://hooks.example:" + secure.port() + "/");
      EndpointUrl wrong = new EndpointUrl("https://other.example:" + secure.port() + "/");

      assertThat(trusting.post(right, Map.of(), "{}")).isEqualTo(new Delivered());
      assertThat(trusting.post(wrong, Map.of(), "{}")).isEqualTo(new Failed("tls_failed"));
      assertThat(stranger.post(right, Map.of(), "{}")).isEqualTo(new Failed("tls_failed"));
      assertThat(secure.received()).hasSize(1);
    }
  }

  private static WebhookClient client(Duration total) throws Exception {
    return client(HostResolver.system(), SSLContext.getDefault(), total);
  }

  private static WebhookClient client(HostResolver resolver, SSLContext tls, Duration total) {
    return new WebhookClient(new AddressGuard(resolver, LOOPBACK), tls, total);
  }

  private static EndpointUrl url(String host, int port) {
    return new EndpointUrl("http://%s:%d/".formatted(host, port));
  }

  /** Answers with what goes on for as long as somebody listens. */
  private static void repeat(ServerSocket server, String beginning, String more, Duration pause) {
    try (var socket = server.accept()) {
      var out = socket.getOutputStream();
      out.write(beginning.getBytes(StandardCharsets.US_ASCII));
      while (true) {
        out.write(more.getBytes(StandardCharsets.US_ASCII));
        out.flush();
        Thread.sleep(pause);
      }
    } catch (IOException | InterruptedException clientHungUp) {
      // Which is what is expected of it.
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
