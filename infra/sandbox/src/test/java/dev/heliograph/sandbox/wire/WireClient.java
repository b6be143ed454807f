package dev.heliograph.sandbox.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.heliograph.sandbox.crypto.Bytes;
import dev.heliograph.sandbox.crypto.KeyPair;
import dev.heliograph.sandbox.crypto.Signature;
import dev.heliograph.sandbox.proto.CertChain;
import dev.heliograph.sandbox.proto.CertChain.NoiseCertificate;
import dev.heliograph.sandbox.proto.ClientPayload;
import dev.heliograph.sandbox.proto.HandshakeMessage;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A client that does what a test tells it, right or wrong. */
public final class WireClient implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final byte[] END = {};

  private final WebSocket webSocket;
  private final BlockingQueue<byte[]> frames = new LinkedBlockingQueue<>();
  private final BlockingQueue<Node> nodes = new LinkedBlockingQueue<>();
  private final List<Node> seen = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final AtomicInteger lastId = new AtomicInteger();
  private @Nullable NoiseTransport transport;

  private WireClient(URI uri) {
    webSocket = HTTP.newWebSocketBuilder().buildAsync(uri, new Receiver()).join();
  }

  /** Only the socket: nothing is sent. */
  public static WireClient raw(URI uri) {
    return new WireClient(uri);
  }

  /** Shakes hands and says who it is. */
  static WireClient open(URI uri, String rootKey, KeyPair noise, ClientPayload payload) {
    return open(uri, rootKey, noise, payload, UnaryOperator.identity());
  }

  static WireClient open(
      URI uri,
      String rootKey,
      KeyPair noise,
      ClientPayload payload,
      UnaryOperator<byte[]> clientFinish) {
    WireClient client = new WireClient(uri);
    client.handshake(HexFormat.of().parseHex(rootKey), noise, payload, clientFinish);
    return client;
  }

  private final class Receiver implements WebSocket.Listener {
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      byte[] part = new byte[data.remaining()];
      data.get(part);
      pending.writeBytes(part);
      byte[] all = pending.toByteArray();
      int at = 0;
      while (all.length - at >= 3) {
        int length = (int) Bytes.number(Arrays.copyOfRange(all, at, at + 3));
        if (all.length - at - 3 < length) {
          break;
        }
        frames.add(Arrays.copyOfRange(all, at + 3, at + 3 + length));
        at += 3 + length;
      }
      pending.reset();
      pending.write(all, at, all.length - at);
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      end();
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      end();
    }

    private void end() {
      closed.complete(null);
      frames.add(END);
    }
  }

  private void handshake(
      byte[] rootKey, KeyPair noise, ClientPayload payload, UnaryOperator<byte[]> clientFinish) {
    try {
      KeyPair ephemeral = KeyPair.generate();
      NoiseState state = new NoiseState();
      state.authenticate(Frames.INTRO);
      state.authenticate(ephemeral.publicKey());
      byte[] hello =
          HandshakeMessage.newBuilder()
              .setClientHello(
                  HandshakeMessage.ClientHello.newBuilder()
                      .setEphemeral(ByteString.copyFrom(ephemeral.publicKey())))
              .build()
              .toByteArray();
      sendBytes(Bytes.concat(Frames.INTRO, Frames.frame(hello)));
      var server = HandshakeMessage.parseFrom(takeFrame()).getServerHello();
      byte[] theirs = server.getEphemeral().toByteArray();
      state.authenticate(theirs);
      state.mix(ephemeral.agree(theirs));
      byte[] serverKey = state.decrypt(server.getStatic().toByteArray());
      state.mix(ephemeral.agree(serverKey));
      verify(
          rootKey,
          serverKey,
          CertChain.parseFrom(state.decrypt(server.getPayload().toByteArray())));
      byte[] encryptedKey = state.encrypt(noise.publicKey());
      state.mix(noise.agree(theirs));
      byte[] encryptedPayload = state.encrypt(payload.toByteArray());
      byte[][] keys = state.split();
      transport = new NoiseTransport(keys[0], keys[1]);
      sendFrame(
          clientFinish.apply(
              HandshakeMessage.newBuilder()
                  .setClientFinish(
                      HandshakeMessage.ClientFinish.newBuilder()
                          .setStatic(ByteString.copyFrom(encryptedKey))
                          .setPayload(ByteString.copyFrom(encryptedPayload)))
                  .build()
                  .toByteArray()));
      Thread.ofVirtual().start(this::decode);
    } catch (GeneralSecurityException | InvalidProtocolBufferException bad) {
      throw new AssertionError(bad);
    }
  }

  /** All that a client can check of a certificate. */
  private static void verify(byte[] rootKey, byte[] serverKey, CertChain chain)
      throws InvalidProtocolBufferException {
    byte[] intermediateBytes = chain.getIntermediate().getDetails().toByteArray();
    var intermediate = NoiseCertificate.Details.parseFrom(intermediateBytes);
    byte[] leafBytes = chain.getLeaf().getDetails().toByteArray();
    var leaf = NoiseCertificate.Details.parseFrom(leafBytes);
    assertThat(
            Signature.verifies(
                rootKey, chain.getIntermediate().getSignature().toByteArray(), intermediateBytes))
        .isTrue();
    assertThat(intermediate.getIssuerSerial()).isZero();
    assertThat(
            Signature.verifies(
                intermediate.getKey().toByteArray(),
                chain.getLeaf().getSignature().toByteArray(),
                leafBytes))
        .isTrue();
    assertThat(leaf.getIssuerSerial()).isEqualTo(intermediate.getSerial());
    assertThat(leaf.getKey().toByteArray()).isEqualTo(serverKey);
    for (NoiseCertificate.Details details : List.of(intermediate, leaf)) {
      assertThat(Instant.ofEpochSecond(details.getNotBefore())).isBefore(Instant.now());
      assertThat(Instant.ofEpochSecond(details.getNotAfter())).isAfter(Instant.now());
    }
  }

  private void decode() {
    try {
      for (byte[] frame = frames.take(); frame != END; frame = frames.take()) {
        Node node = NodeDecoder.decode(decrypt(frame));
        seen.add(node);
        nodes.add(node);
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    } catch (GeneralSecurityException | MalformedStanzaException garbage) {
      closed.complete(null);
    }
  }

  private byte[] decrypt(byte[] frame) throws GeneralSecurityException {
    if (transport == null) {
      throw new IllegalStateException("no handshake yet");
    }
    return transport.decrypt(frame);
  }

  byte[] takeFrame() {
    try {
      byte[] frame = frames.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (frame == null || frame == END) {
        throw new AssertionError("the server has closed or says nothing");
      }
      return frame;
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  /** The next node of this kind; what comes before it is passed over. */
  public Node await(Predicate<Node> wanted) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (true) {
        Node node = nodes.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (node == null) {
          throw new AssertionError("it has not come; what has: " + seen);
        }
        if (wanted.test(node)) {
          return node;
        }
      }
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  public Node await(String tag) {
    return await(node -> node.is(tag));
  }

  /** All nodes that have come so far. */
  public List<Node> seen() {
    return List.copyOf(seen);
  }

  /** Asks the server and waits for the answer. */
  public Node ask(Node iq) {
    String id = "test-" + lastId.incrementAndGet();
    send(iq.with("id", id).with("to", Jid.SERVER));
    return await(node -> node.is("iq") && node.text("id").filter(id::equals).isPresent());
  }

  public static Node iq(String type, String xmlns, Node... children) {
    return Node.of("iq", children).with("type", type).with("xmlns", xmlns);
  }

  public synchronized void send(Node node) {
    sendFrame(encrypt(NodeEncoder.encode(node)));
  }

  byte[] encrypt(byte[] plaintext) {
    if (transport == null) {
      throw new IllegalStateException("no handshake yet");
    }
    return transport.encrypt(plaintext);
  }

  void sendFrame(byte[] body) {
    sendBytes(Frames.frame(body));
  }

  /** Sends bytes as they are. */
  public void sendBytes(byte[] bytes) {
    webSocket.sendBinary(ByteBuffer.wrap(bytes), true).join();
  }

  /** Waits until the server has closed. */
  public void awaitClosed() {
    closed.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  public boolean isClosed() {
    return closed.isDone();
  }

  /** Goes away without a word. */
  public void vanish() {
    webSocket.abort();
  }

  @Override
  public void close() {
    vanish();
  }
}
