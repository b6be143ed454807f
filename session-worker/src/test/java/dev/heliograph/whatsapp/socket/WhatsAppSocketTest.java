package dev.heliograph.whatsapp.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.binary.NodeEncoder;
import dev.heliograph.whatsapp.crypto.KeyPair;
import dev.heliograph.whatsapp.noise.Frames;
import dev.heliograph.whatsapp.socket.DialException.Reason;
import dev.heliograph.whatsapp.socket.FakeWhatsApp.Peer;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WhatsAppSocketTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Keepalive PATIENT = pinging(Duration.ofMinutes(10));

  /** For a clock that stands still, or who stands still for longer than this pings no more. */
  private static final Keepalive IMPATIENT = pinging(Duration.ofMillis(500));

  private static final byte[] PAYLOAD = {1, 2, 3};
  private static final Dialer.Payload LOGIN = () -> PAYLOAD;

  private final Vertx vertx = Vertx.vertx();
  private final FakeWhatsApp server = new FakeWhatsApp(vertx);
  private final KeyPair noiseKey = KeyPair.generate(new SplittableRandom(1));
  private final RecordingListener listener = new RecordingListener();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<WhatsAppDialer> dialers = new ArrayList<>();

  @AfterEach
  void stop() {
    threads.shutdownNow();
    dialers.forEach(WhatsAppDialer::close);
    server.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void theServerLearnsWhoWeAre() throws InterruptedException {
    dial();

    assertThat(server.peer().clientPayload()).isEqualTo(ByteString.copyFrom(PAYLOAD));
  }

  @Test
  void whoFindsOutThatItMustNotLogInSaysNothing() throws InterruptedException {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    server.doorman =
        handshake ->
            handshake
                .accept()
                .onSuccess(webSocket -> webSocket.closeHandler(_ -> closed.complete(null)));
    IllegalStateException replaced = new IllegalStateException("someone else is the owner");
    Dialer.Payload payload =
        () -> {
          throw replaced;
        };

    assertThatThrownBy(
            () -> dialer(Keepalive.DEFAULT, server.uri()).dial(noiseKey, payload, listener))
        .isSameAs(replaced);

    await().until(closed::isDone);
    assertThat(server.hasPeer()).isFalse();
  }

  @Test
  void nodesArriveInTheOrderOfTheWireWhateverTheMessagesAre() throws InterruptedException {
    dial();
    Peer peer = server.peer();
    Buffer stream = Buffer.buffer();
    for (int i = 0; i < 200; i++) {
      Node node = Node.of("message").with("id", i).with(new byte[i * 50]);
      stream.appendBytes(peer.frame(NodeEncoder.encode(node)));
    }
    SplittableRandom random = new SplittableRandom(1);
    for (int at = 0; at < stream.length(); ) {
      int end = Math.min(stream.length(), at + random.nextInt(1, 20_000));
      peer.webSocket().writeBinaryMessage(stream.getBuffer(at, end));
      at = end;
    }

    for (int i = 0; i < 200; i++) {
      assertThat(listener.await().requireNumber("id")).isEqualTo(i);
    }
  }

  @Test
  void whatIsSentArrivesWholeFromManyThreadsAtOnce() throws Exception {
    Connection connection = dial();
    List<Future<?>> senders = new ArrayList<>();
    for (int thread = 0; thread < 8; thread++) {
      String name = "t" + thread;
      senders.add(
          threads.submit(
              () -> {
                for (int i = 0; i < 200; i++) {
                  connection.send(Node.of("message").with("from", name).with("id", i));
                }
              }));
    }
    for (Future<?> sender : senders) sender.get();

    Peer peer = server.peer();
    Map<String, Long> last = new HashMap<>();
    for (int i = 0; i < 8 * 200; i++) {
      Node node = peer.await();
      long id = node.requireNumber("id");
      assertThat(id).isEqualTo(last.getOrDefault(node.requireAttr("from"), -1L) + 1);
      last.put(node.requireAttr("from"), id);
    }
  }

  @Test
  void aRequestReturnsItsAnswerWhichTheListenerDoesNotGet() throws Exception {
    Connection connection = dial();
    Future<Node> asked = ask(connection, iq(connection));
    Peer peer = server.peer();
    String id = peer.await().requireAttr("id");
    peer.send(answer("result", id).with("from", Jid.WHATSAPP), Node.of("message"));

    assertThat(asked.get().requireAttr("id")).isEqualTo(id);
    assertThat(connection.hasWaiters()).isFalse();
    assertThat(listener.await().tag()).isEqualTo("message");
  }

  @Test
  void anAnswerThatDoesNotSayWhoSentItIsTheServers() throws Exception {
    Connection connection = dial();
    Future<Node> asked = ask(connection, iq(connection));
    Peer peer = server.peer();
    peer.send(answer("result", peer.await().requireAttr("id")));

    assertThat(asked.get().tag()).isEqualTo("iq");
  }

  @Test
  void anErrorHasItsCode() throws Exception {
    Connection connection = dial();
    Future<Node> asked = ask(connection, iq(connection));
    Peer peer = server.peer();
    peer.send(
        answer("error", peer.await().requireAttr("id"))
            .with(Node.of("error").with("code", 404).with("text", "item-not-found")));

    assertThatThrownBy(asked::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            IqErrorException.class, error -> assertThat(error.code()).isEqualTo(404));
  }

  @Test
  void anAnswerOfAnotherIdOrSenderOrTypeIsNotOurs() throws Exception {
    Connection connection = dial();
    Future<Node> asked = ask(connection, iq(connection));
    Peer peer = server.peer();
    String id = peer.await().requireAttr("id");
    peer.send(
        answer("result", "another"),
        answer("result", id).with("from", Jid.lid("1")),
        answer("result", id).with("from", "no JID"),
        answer("set", id),
        Node.of("ack").with("type", "result").with("id", id));

    for (int i = 0; i < 5; i++) listener.await();
    assertThat(asked.isDone()).isFalse();
    assertThat(connection.hasWaiters()).isTrue();
    peer.send(answer("result", id));
    asked.get();
  }

  @Test
  void aRequestThatNobodyAnswersTimesOut() throws InterruptedException {
    Connection connection = dial();

    assertThatThrownBy(() -> connection.request(iq(connection), Duration.ofMillis(20)))
        .isInstanceOf(IqTimeoutException.class);
    assertThat(connection.hasWaiters()).isFalse();
  }

  @Test
  void aCloseEndsWhatIsAwaited() throws Exception {
    Connection connection = dial();
    Future<Node> asked = ask(connection, iq(connection));
    Peer peer = server.peer();
    peer.await();
    peer.webSocket().close();

    assertThatThrownBy(asked::get)
        .cause()
        .isInstanceOfSatisfying(
            ConnectionClosedException.class,
            closed -> assertThat(closed.reason()).isEqualTo(CloseReason.CLOSED_BY_SERVER));
  }

  @Test
  void theServersPingIsAnsweredAndNotDelivered() throws InterruptedException {
    dial();
    Peer peer = server.peer();
    peer.send(
        Node.of("iq")
            .with("from", Jid.WHATSAPP)
            .with("xmlns", "urn:xmpp:ping")
            .with("type", "get")
            .with("id", "ping-1"),
        Node.of("message"));

    Node pong = peer.await();
    assertThat(pong.requireAttr("id")).isEqualTo("ping-1");
    assertThat(pong.requireAttr("type")).isEqualTo("result");
    assertThat(pong.requireJid("to")).isEqualTo(Jid.WHATSAPP);
    assertThat(listener.await().tag()).isEqualTo("message");
  }

  @Test
  void aServerThatAnswersIsPingedAgainAndAgain() throws InterruptedException {
    dial(PATIENT);
    Peer peer = server.peer();
    for (int i = 0; i < 20; i++) {
      Node ping = peer.await();
      assertThat(ping.requireAttr("xmlns")).isEqualTo("w:p");
      peer.send(answer("result", ping.requireAttr("id")));
    }

    assertThat(listener.closed).isNotDone();
    assertThat(listener.received).isEmpty();
  }

  @Test
  void anythingThatIsHeardAnswersAPing() throws InterruptedException {
    dial(PATIENT);
    Peer peer = server.peer();
    peer.await();
    peer.send(Node.of("message"), Node.of("message"));

    assertThat(peer.await().requireAttr("xmlns")).isEqualTo("w:p");
    assertThat(listener.await().tag()).isEqualTo("message");
    assertThat(listener.await().tag()).isEqualTo("message");
  }

  @Test
  void aServerThatSaysNothingIsDead() throws InterruptedException {
    dialImpatiently();

    assertThat(listener.awaitClosed()).isEqualTo(CloseReason.SILENT);
  }

  @Test
  void whoStoodStillForTooLongPingsNoMore() throws InterruptedException {
    AtomicLong time = new AtomicLong();
    Duration standstill = PATIENT.most().plus(PATIENT.patience()).plusNanos(1);
    LongSupplier standing = () -> time.getAndAdd(standstill.toNanos());
    dialer(PATIENT, standing).dial(noiseKey, LOGIN, listener);

    assertThat(listener.awaitClosed()).isEqualTo(CloseReason.SILENT);
    assertThat(server.peer().hasReceived()).isFalse();
  }

  @Test
  void whatIsPartOfAFrameThatNeverEndsIsNoSignOfLife() throws InterruptedException {
    dialImpatiently();
    Peer peer = server.peer();
    peer.webSocket().writeBinaryMessage(Buffer.buffer(new byte[] {0x7F, 0, 0}));
    peer.send(answer("result", peer.await().requireAttr("id")));

    assertThat(listener.awaitClosed()).isEqualTo(CloseReason.SILENT);
    assertThat(peer.hasReceived()).as("another ping, after an answer that was heard").isFalse();
  }

  @Test
  void whoDoesNotReadDoesNotTakeTheServerForDead() throws InterruptedException {
    Connection connection = dialImpatiently();
    connection.pause();
    Peer peer = server.peer();
    for (int i = 0; i < 3; i++) peer.await();

    assertThat(listener.closed).isNotDone();
  }

  @Test
  void aFrameThatDoesNotDecryptEndsTheConnection() throws InterruptedException {
    Connection connection = dial();
    Peer peer = server.peer();
    peer.webSocket().writeBinaryMessage(Buffer.buffer(Frames.frame(new byte[40])));
    peer.send(Node.of("message"));

    assertThat(listener.awaitClosed()).isEqualTo(CloseReason.BAD_FRAME);
    assertThat(listener.received).isEmpty();
    assertThatThrownBy(() -> connection.send(Node.of("presence")))
        .isInstanceOf(ConnectionClosedException.class);
  }

  @Test
  void aFrameThatIsNoNodeEndsTheConnection() throws InterruptedException {
    dial();
    Peer peer = server.peer();
    peer.webSocket().writeBinaryMessage(Buffer.buffer(peer.frame(new byte[] {0, 1, 2, 3})));

    assertThat(listener.awaitClosed()).isEqualTo(CloseReason.BAD_NODE);
  }

  @Test
  void theServersGoodbyeIsToldFromABrokenLine() throws InterruptedException {
    dial();
    server.peer().webSocket().close();
    assertThat(listener.awaitClosed()).isEqualTo(CloseReason.CLOSED_BY_SERVER);

    RecordingListener second = new RecordingListener();
    try (BreakableLine line = new BreakableLine(vertx, server.uri())) {
      dialer(Keepalive.DEFAULT, line.uri()).dial(noiseKey, LOGIN, second);
      line.tear();
      assertThat(second.awaitClosed()).isEqualTo(CloseReason.LOST);
    }
  }

  @Test
  void aTlsServerThatNobodyVouchesForIsNotTalkedTo(@TempDir Path folder) throws Exception {
    Path keys = folder.resolve("keys.p12");
    selfSigned(keys);
    AtomicInteger upgrades = new AtomicInteger();
    HttpServer tls =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setSsl(true)
                    .setKeyCertOptions(
                        new PfxOptions().setPath(keys.toString()).setPassword("changeit")))
            .webSocketHandler(_ -> upgrades.incrementAndGet())
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    WhatsAppDialer dialer =
        dialer(Keepalive.DEFAULT, URI.create("wss://localhost:" + tls.actualPort() + "/ws/chat"));

    assertThatThrownBy(() -> dialer.dial(noiseKey, LOGIN, listener))
        .isInstanceOfSatisfying(
            DialException.class,
            failed -> assertThat(failed.reason()).isEqualTo(Reason.UNREACHABLE))
        .hasRootCauseInstanceOf(GeneralSecurityException.class);
    assertThat(upgrades).hasValue(0);
  }

  @Test
  void whatTheServerSaysBeforeItClosesIsHeard() throws InterruptedException {
    server.greeting =
        peer -> {
          peer.send(Node.of("failure").with("reason", 401));
          peer.webSocket().close();
        };
    for (int i = 0; i < 30; i++) {
      RecordingListener heard = new RecordingListener();
      dialer(Keepalive.DEFAULT, server.uri()).dial(noiseKey, LOGIN, heard);

      heard.awaitClosed();
      assertThat(heard.order).containsExactly("failure", "CLOSED_BY_SERVER");
    }
  }

  @Test
  void closingIsToldOnce() throws InterruptedException {
    Connection connection = dial();
    Peer peer = server.peer();
    connection.close();
    connection.close();

    assertThat(listener.awaitClosed()).isEqualTo(CloseReason.CLOSED_BY_US);
    await().until(() -> peer.webSocket().isClosed());
    assertThat(listener.order).containsExactly("CLOSED_BY_US");
    assertThatThrownBy(() -> connection.request(iq(connection), PATIENCE))
        .isInstanceOf(ConnectionClosedException.class);
  }

  @Test
  void nothingIsReadWhilePausedUntilSomeoneWaitsForAnAnswer() throws Exception {
    Connection connection = dial();
    Peer peer = server.peer();
    connection.pause();
    peer.send(Node.of("message").with("id", "1"));
    connection.send(Node.of("presence"));
    peer.await();
    assertThat(listener.received).isEmpty();

    Future<Node> asked = ask(connection, iq(connection));
    peer.send(answer("result", peer.await().requireAttr("id")));
    asked.get();
    assertThat(listener.await().requireAttr("id")).isEqualTo("1");

    peer.send(Node.of("message").with("id", "2"));
    connection.send(Node.of("presence"));
    peer.await();
    assertThat(listener.received).isEmpty();
    connection.resume();
    assertThat(listener.await().requireAttr("id")).isEqualTo("2");
  }

  @Test
  void aServerThatIsNotTheOneThatWeTrustIsRefused() {
    WhatsAppDialer dialer =
        dialer(
            Keepalive.DEFAULT, server.uri(), KeyPair.generate(new SplittableRandom(9)).publicKey());

    assertThatThrownBy(() -> dialer.dial(noiseKey, LOGIN, listener))
        .isInstanceOfSatisfying(
            DialException.class,
            failed -> assertThat(failed.reason()).isEqualTo(Reason.NOT_WHATSAPP));
    assertThat(listener.order).isEmpty();
  }

  @Test
  void aRefusedUpgradeSaysWhetherToTryAgain() {
    Map<Integer, Reason> reasons =
        Map.of(403, Reason.REFUSED, 408, Reason.UNAVAILABLE, 503, Reason.UNAVAILABLE);
    reasons.forEach(
        (status, reason) -> {
          server.doorman = handshake -> handshake.reject(status);
          assertThatThrownBy(this::dial)
              .isInstanceOfSatisfying(
                  DialException.class, failed -> assertThat(failed.reason()).isEqualTo(reason));
        });
  }

  @Test
  void aServerThatHangsUpInTheHandshakeIsToldFromOneThatIsNotThere() throws Exception {
    server.answersHello = false;
    CompletableFuture<Void> hangsUp = new CompletableFuture<>();
    server.doorman =
        handshake ->
            handshake
                .accept()
                .onSuccess(
                    webSocket -> {
                      hangsUp.complete(null);
                      webSocket.close();
                    });
    assertThatThrownBy(this::dial)
        .isInstanceOfSatisfying(
            DialException.class,
            failed -> {
              assertThat(failed.reason()).isEqualTo(Reason.NO_HANDSHAKE);
              assertThat(failed.isAnswered()).isTrue();
            });
    assertThat(hangsUp).isDone();

    WhatsAppDialer nowhere = dialer(Keepalive.DEFAULT, URI.create("ws://127.0.0.1:" + freePort()));
    assertThatThrownBy(() -> nowhere.dial(noiseKey, LOGIN, listener))
        .isInstanceOfSatisfying(
            DialException.class,
            failed -> {
              assertThat(failed.reason()).isEqualTo(Reason.UNREACHABLE);
              assertThat(failed.isAnswered()).isFalse();
            });
  }

  @Test
  void aServerThatHangsUpBehindItsAnswerIsGoneAtOnce() throws InterruptedException {
    server.hangsUp = true;
    for (int i = 0; i < 20; i++) {
      RecordingListener told = new RecordingListener();
      try {
        dialer(Keepalive.DEFAULT, server.uri()).dial(noiseKey, LOGIN, told);
      } catch (DialException alreadyKnown) {
        continue;
      }
      assertThat(told.awaitClosed()).isIn(CloseReason.CLOSED_BY_SERVER, CloseReason.LOST);
    }
  }

  @Test
  void oneDialerHoldsMoreThanAHandfulOfConnections() throws InterruptedException {
    WhatsAppDialer dialer = dialer(Keepalive.DEFAULT, server.uri());
    List<Connection> connections = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      connections.add(dialer.dial(noiseKey, LOGIN, new RecordingListener()));
    }

    for (Connection connection : connections) connection.send(Node.of("presence"));
    for (int i = 0; i < 120; i++) assertThat(server.peer().await().tag()).isEqualTo("presence");
  }

  @Test
  void idsAreUniqueOnAConnection() throws InterruptedException {
    Connection connection = dial();

    assertThat(List.of(connection.nextId(), connection.nextId(), connection.nextId()))
        .doesNotHaveDuplicates()
        .allMatch(id -> id.matches("\\d+\\.\\d+-\\d+"));
  }

  @Test
  void aLargeNodeComesAndGoes() throws InterruptedException {
    Connection connection = dial();
    byte[] large = new byte[3 << 20];
    Arrays.fill(large, (byte) 5);
    connection.send(Node.of("message").with(large));

    Peer peer = server.peer();
    assertThat(peer.await().requireBytes().size()).isEqualTo(large.length);
    peer.send(Node.of("message").with(large));
    assertThat(listener.await().requireBytes().size()).isEqualTo(large.length);
  }

  private Connection dial() throws InterruptedException {
    return dial(Keepalive.DEFAULT);
  }

  private Connection dialImpatiently() throws InterruptedException {
    return dialer(IMPATIENT, () -> 0).dial(noiseKey, LOGIN, listener);
  }

  private Connection dial(Keepalive keepalive) throws InterruptedException {
    return dialer(keepalive, server.uri()).dial(noiseKey, LOGIN, listener);
  }

  private WhatsAppDialer dialer(Keepalive keepalive, URI uri) {
    return dialer(keepalive, uri, FakeWhatsApp.root());
  }

  private WhatsAppDialer dialer(Keepalive keepalive, URI uri, ByteString root) {
    return closing(
        new WhatsAppDialer(
            vertx, uri, root, keepalive, InstantSource.system(), new SplittableRandom()));
  }

  private WhatsAppDialer dialer(Keepalive keepalive, LongSupplier nanos) {
    return closing(
        new WhatsAppDialer(
            vertx,
            server.uri(),
            FakeWhatsApp.root(),
            keepalive,
            InstantSource.system(),
            nanos,
            new SplittableRandom()));
  }

  private WhatsAppDialer closing(WhatsAppDialer dialer) {
    dialers.add(dialer);
    return dialer;
  }

  private static Keepalive pinging(Duration patience) {
    return new Keepalive(Duration.ofMillis(20), Duration.ofMillis(30), patience);
  }

  private Future<Node> ask(Connection connection, Node iq) {
    return threads.submit(() -> connection.request(iq, PATIENCE));
  }

  private static Node iq(Connection connection) {
    return Node.of("iq")
        .with("id", connection.nextId())
        .with("to", Jid.WHATSAPP)
        .with("type", "get");
  }

  private static Node answer(String type, String id) {
    return Node.of("iq").with("type", type).with("id", id);
  }

  private static void selfSigned(Path keys) throws Exception {
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    Process process =
        new ProcessBuilder(
                keytool.toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                keys.toString(),
                "-storepass",
                "changeit")
            .inheritIO()
            .start();
    assertThat(process.waitFor()).isZero();
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
