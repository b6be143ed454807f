package dev.heliograph.whatsapp.socket;

import com.google.protobuf.ByteString;
import dev.heliograph.whatsapp.ProtocolException;
import dev.heliograph.whatsapp.crypto.KeyPair;
import dev.heliograph.whatsapp.noise.Frames;
import dev.heliograph.whatsapp.noise.NoiseHandshake;
import dev.heliograph.whatsapp.socket.DialException.Reason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Dials WhatsApp's WebSocket endpoint, or one that speaks like it. One for all sessions of a
 * process.
 */
public final class WhatsAppDialer implements Dialer, AutoCloseable {
  public static final URI WHATSAPP = URI.create("wss://web.whatsapp.com/ws/chat");

  private static final Duration TO_CONNECT = Duration.ofSeconds(20);
  private static final Duration TO_SHAKE_HANDS = Duration.ofSeconds(20);

  /** Vert.x opens 50 at most unless told otherwise, and none at all if told -1. */
  private static final int MOST_CONNECTIONS = 1_000_000;

  private static final int LONGEST_MESSAGE = 1 << 25;

  private final Vertx vertx;
  private final WebSocketClient client;
  private final WebSocketConnectOptions options;
  private final ByteString root;
  private final Keepalive keepalive;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final RandomGenerator random;

  /**
   * A dialer of one endpoint.
   *
   * @param endpoint {@code wss://…}, or {@code ws://…} on this machine
   * @param root the public key that must have signed the server's certificate, 32 bytes
   * @param random a secure one
   */
  public WhatsAppDialer(
      Vertx vertx,
      URI endpoint,
      ByteString root,
      Keepalive keepalive,
      InstantSource clock,
      RandomGenerator random) {
    this(vertx, endpoint, root, keepalive, clock, System::nanoTime, random);
  }

  /** One whose connections measure what elapses by a clock that is given. */
  WhatsAppDialer(
      Vertx vertx,
      URI endpoint,
      ByteString root,
      Keepalive keepalive,
      InstantSource clock,
      LongSupplier nanos,
      RandomGenerator random) {
    this.vertx = vertx;
    this.client =
        vertx.createWebSocketClient(
            new WebSocketClientOptions()
                .setMaxConnections(MOST_CONNECTIONS)
                .setConnectTimeout((int) TO_CONNECT.toMillis())
                .setMaxFrameSize(LONGEST_MESSAGE)
                .setMaxMessageSize(LONGEST_MESSAGE));
    this.options = optionsFor(endpoint);
    this.root = root;
    this.keepalive = keepalive;
    this.clock = clock;
    this.nanos = nanos;
    this.random = random;
  }

  @Override
  public Connection dial(KeyPair noiseKey, Payload payload, Connection.Listener listener)
      throws InterruptedException {
    Context context = vertx.getOrCreateContext();
    NoiseHandshake handshake = new NoiseHandshake(noiseKey, KeyPair.generate(random), root);
    Frames frames = new Frames();
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    WebSocket webSocket = connect(client.webSocket(), frames, answer);
    try {
      webSocket.writeBinaryMessage(Buffer.buffer(handshake.hello()));
      byte[] hello = await(answer);
      NoiseHandshake.Finish finish = handshake.finish(hello, payload.bytes(), clock.instant());
      WhatsAppSocket socket =
          new WhatsAppSocket(
              vertx, context, webSocket, frames, finish.transport(), keepalive, nanos, listener);
      // Open before the server can answer: what it says before it closes must not be missed.
      onEventLoop(context, socket::open);
      webSocket.writeBinaryMessage(Buffer.buffer(finish.frame()));
      return socket;
    } catch (ProtocolException wrong) {
      webSocket.close();
      throw new DialException(Reason.NOT_WHATSAPP, wrong);
    } catch (RuntimeException | InterruptedException failed) {
      webSocket.close();
      throw failed;
    }
  }

  @Override
  public void close() {
    client.close();
  }

  /** The WebSocket, which pauses when it has received one frame. */
  private WebSocket connect(
      ClientWebSocket webSocket, Frames frames, CompletableFuture<byte[]> answer)
      throws InterruptedException {
    webSocket.handler(
        bytes -> {
          frames.add(bytes.getBytes());
          frames
              .next()
              .ifPresent(
                  frame -> {
                    webSocket.pause();
                    answer.complete(frame);
                  });
        });
    webSocket.exceptionHandler(_ -> {}); // the close that follows says as much
    webSocket.closeHandler(
        _ -> answer.completeExceptionally(new DialException(Reason.NO_HANDSHAKE)));
    Future<WebSocket> connecting = webSocket.connect(options);
    try {
      return connecting
          .toCompletionStage()
          .toCompletableFuture()
          .get(TO_CONNECT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException tooLate) {
      connecting.onSuccess(WebSocket::close);
      throw new DialException(Reason.UNREACHABLE, tooLate);
    } catch (InterruptedException interrupted) {
      connecting.onSuccess(WebSocket::close);
      throw interrupted;
    } catch (ExecutionException failed) {
      throw notConnected(failed);
    }
  }

  private static byte[] await(CompletableFuture<byte[]> answer) throws InterruptedException {
    try {
      return answer.get(TO_SHAKE_HANDS.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException tooLate) {
      throw new DialException(Reason.NO_HANDSHAKE, tooLate);
    } catch (ExecutionException closed) {
      throw new DialException(Reason.NO_HANDSHAKE, closed);
    }
  }

  private static void onEventLoop(Context context, Runnable step) throws InterruptedException {
    CompletableFuture<Void> done = new CompletableFuture<>();
    context.runOnContext(
        _ -> {
          try {
            step.run();
          } finally {
            done.complete(null);
          }
        });
    try {
      done.get();
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static DialException notConnected(ExecutionException failed) {
    if (failed.getCause() instanceof UpgradeRejectedException rejected) {
      int status = rejected.getStatus();
      boolean isForNow = status == 408 || status >= 500;
      return new DialException(isForNow ? Reason.UNAVAILABLE : Reason.REFUSED, failed);
    }
    return new DialException(Reason.UNREACHABLE, failed);
  }

  private static WebSocketConnectOptions optionsFor(URI endpoint) {
    boolean isSecure = "wss".equals(endpoint.getScheme());
    if (!isSecure && !"ws".equals(endpoint.getScheme())) {
      throw new IllegalArgumentException("not a ws or wss URL");
    }
    int defaultPort = isSecure ? 443 : 80;
    String path = endpoint.getRawPath().isEmpty() ? "/" : endpoint.getRawPath();
    String query = endpoint.getRawQuery() == null ? "" : "?" + endpoint.getRawQuery();
    return new WebSocketConnectOptions()
        .setHost(endpoint.getHost())
        .setPort(endpoint.getPort() < 0 ? defaultPort : endpoint.getPort())
        .setSsl(isSecure)
        .setURI(path + query)
        .addHeader("Origin", "https://web.whatsapp.com")
        .addHeader("Cache-Control", "no-cache")
        .addHeader("Pragma", "no-cache");
  }
}
