package dev.heliograph.whatsapp.socket;

import com.google.protobuf.ByteString;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.binary.NodeDecoder;
import dev.heliograph.whatsapp.binary.NodeEncoder;
import dev.heliograph.whatsapp.noise.Frames;
import dev.heliograph.whatsapp.noise.NoiseServer;
import dev.heliograph.whatsapp.noise.NoiseTransport;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.ServerWebSocketHandshake;
import java.net.URI;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A server that shakes hands as WhatsApp does, and then says what a test wants it to. */
final class FakeWhatsApp implements AutoCloseable {
  private static final int INTRO = 4;

  private final HttpServer server;
  private final BlockingQueue<Peer> peers = new LinkedBlockingQueue<>();

  /** What it does with a WebSocket that has asked for an upgrade. */
  volatile Consumer<ServerWebSocketHandshake> doorman = ServerWebSocketHandshake::accept;

  /** What it does as soon as the handshake is over. */
  volatile Consumer<Peer> greeting = _ -> {};

  /** Whether it answers the client's hello. */
  volatile boolean answersHello = true;

  /** Whether it hangs up behind that answer. */
  volatile boolean hangsUp;

  FakeWhatsApp(Vertx vertx) {
    server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setMaxWebSocketFrameSize(1 << 25)
                    .setMaxWebSocketMessageSize(1 << 25))
            .webSocketHandshakeHandler(handshake -> doorman.accept(handshake))
            .webSocketHandler(webSocket -> new Peer(webSocket).open())
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  URI uri() {
    return URI.create("ws://127.0.0.1:" + server.actualPort() + "/ws/chat");
  }

  static ByteString root() {
    return noise().root();
  }

  Peer peer() throws InterruptedException {
    Peer peer = peers.poll(30, TimeUnit.SECONDS);
    if (peer == null) throw new AssertionError("nobody has connected");
    return peer;
  }

  /** Whether there is one that has logged in and that nobody has asked for. */
  boolean hasPeer() {
    return !peers.isEmpty();
  }

  @Override
  public void close() {
    server.close().toCompletionStage().toCompletableFuture().join();
  }

  private static NoiseServer noise() {
    return new NoiseServer(new SplittableRandom(7), Instant.now());
  }

  /** One client's connection, as the server sees it. */
  final class Peer {
    private final ServerWebSocket webSocket;
    private final NoiseServer noise = noise();
    private final Frames frames = new Frames();
    private final BlockingQueue<Node> received = new LinkedBlockingQueue<>();
    private boolean introSkipped;
    private boolean helloAnswered;
    private @Nullable NoiseTransport transport;
    private ByteString clientPayload = ByteString.EMPTY;

    private Peer(ServerWebSocket webSocket) {
      this.webSocket = webSocket;
    }

    private void open() {
      webSocket.handler(this::received);
    }

    ByteString clientPayload() {
      return clientPayload;
    }

    ServerWebSocket webSocket() {
      return webSocket;
    }

    Node await() throws InterruptedException {
      Node node = received.poll(30, TimeUnit.SECONDS);
      if (node == null) throw new AssertionError("nothing came in time");
      return node;
    }

    boolean hasReceived() {
      return !received.isEmpty();
    }

    void send(Node... nodes) {
      Buffer together = Buffer.buffer();
      for (Node node : nodes) together.appendBytes(frame(NodeEncoder.encode(node)));
      webSocket.writeBinaryMessage(together);
    }

    synchronized byte[] frame(byte[] plaintext) {
      if (transport == null) throw new AssertionError("before the handshake");
      return Frames.frame(transport.encrypt(plaintext));
    }

    private void received(Buffer bytes) {
      byte[] data = bytes.getBytes();
      frames.add(introSkipped ? data : Buffer.buffer(data).getBytes(INTRO, data.length));
      introSkipped = true;
      for (var next = frames.next(); next.isPresent(); next = frames.next()) {
        receivedFrame(next.get());
      }
    }

    private void receivedFrame(byte[] frame) {
      if (!helloAnswered) {
        helloAnswered = true;
        if (answersHello)
          webSocket.writeBinaryMessage(Buffer.buffer(Frames.frame(noise.answer(frame))));
        if (hangsUp) webSocket.close();
      } else if (transport == null) {
        NoiseServer.Finished finished = noise.finish(frame);
        clientPayload = finished.payload();
        synchronized (this) {
          transport = finished.transport();
        }
        greeting.accept(this);
        peers.add(this);
      } else {
        received.add(NodeDecoder.decode(transport.decrypt(frame)));
      }
    }
  }
}
