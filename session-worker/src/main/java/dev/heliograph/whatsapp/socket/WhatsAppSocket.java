package dev.heliograph.whatsapp.socket;

import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.ProtocolException;
import dev.heliograph.whatsapp.binary.NodeDecoder;
import dev.heliograph.whatsapp.binary.NodeEncoder;
import dev.heliograph.whatsapp.noise.Frames;
import dev.heliograph.whatsapp.noise.NoiseTransport;
import dev.heliograph.whatsapp.stream.Iqs;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection on a WebSocket. Receiving, pings and the listener are on the WebSocket's event loop;
 * sending is on the caller's thread, one at a time, since the order of encrypting has to be the
 * order on the wire.
 */
final class WhatsAppSocket implements Connection {
  /** More than this in memory means that nobody reads at the other end. */
  private static final long MOST_UNSENT = 8 << 20;

  private final Vertx vertx;
  private final Context context;
  private final WebSocket webSocket;
  private final Frames frames;
  private final NoiseTransport transport;
  private final Keepalive keepalive;
  private final LongSupplier nanos;
  private final Listener listener;

  private final Waiters waiters = new Waiters();
  private final AtomicReference<@Nullable CloseReason> closed = new AtomicReference<>();
  private final AtomicLong lastId = new AtomicLong();
  private final String idPrefix = "%d.%d-".formatted(drawnForId(), drawnForId());

  private final Lock sending = new ReentrantLock();
  private final AtomicLong unsent = new AtomicLong();

  private final Lock pausing = new ReentrantLock();
  private boolean paused;

  // The event loop's own.
  private long timer = -1;
  private boolean isPinged;
  private String lastPing = "";

  WhatsAppSocket(
      Vertx vertx,
      Context context,
      WebSocket webSocket,
      Frames frames,
      NoiseTransport transport,
      Keepalive keepalive,
      LongSupplier nanos,
      Listener listener) {
    this.vertx = vertx;
    this.context = context;
    this.webSocket = webSocket;
    this.frames = frames;
    this.transport = transport;
    this.keepalive = keepalive;
    this.nanos = nanos;
    this.listener = listener;
  }

  /** Takes the WebSocket, which is paused, over. On the event loop. */
  void open() {
    if (webSocket.isClosed()) { // which takes no handlers any more
      finish(reasonOfClose());
      return;
    }
    webSocket.handler(this::received);
    webSocket.exceptionHandler(_ -> {}); // the close that follows says as much
    webSocket.closeHandler(_ -> finish(reasonOfClose()));
    schedulePing();
    applyPause();
  }

  @Override
  public void send(Node node) {
    send(NodeEncoder.encode(node));
  }

  @Override
  public void send(byte[] encodedNode) {
    sending.lock();
    try {
      throwIfClosed();
      byte[] frame = Frames.frame(transport.encrypt(encodedNode));
      unsent.addAndGet(frame.length);
      webSocket
          .writeBinaryMessage(Buffer.buffer(frame))
          .onComplete(_ -> unsent.addAndGet(-frame.length));
    } finally {
      sending.unlock();
    }
    if (unsent.get() > MOST_UNSENT) {
      finish(CloseReason.STUCK);
      throwIfClosed();
    }
  }

  @Override
  public Node request(Node iq, Duration timeout) throws InterruptedException {
    CompletableFuture<Node> waiter = waiters.add(iq);
    try {
      applyPause();
      send(iq);
      // It may have closed after the check in send and before it could see this waiter.
      throwIfClosed();
      Node answer = waiter.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      if (answer.is("type", "error")) throw IqErrorException.from(answer);
      return answer;
    } catch (TimeoutException tooLate) {
      throw new IqTimeoutException();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof ConnectionClosedException cause) {
        throw new ConnectionClosedException(cause.reason());
      }
      throw new IllegalStateException(failed);
    } finally {
      waiters.remove(iq);
      applyPause();
    }
  }

  @Override
  public String nextId() {
    return idPrefix + lastId.incrementAndGet();
  }

  @Override
  public boolean hasWaiters() {
    return !waiters.isEmpty();
  }

  @Override
  public void pause() {
    setPaused(true);
  }

  @Override
  public void resume() {
    setPaused(false);
  }

  @Override
  public void close() {
    finish(CloseReason.CLOSED_BY_US);
  }

  private void received(Buffer bytes) {
    frames.add(bytes.getBytes());
    while (closed.get() == null) {
      byte[] frame = frames.next().orElse(null);
      if (frame == null) return;
      received(frame);
    }
  }

  private void received(byte[] frame) {
    byte[] plaintext;
    try {
      plaintext = transport.decrypt(frame);
    } catch (ProtocolException forged) {
      finish(CloseReason.BAD_FRAME);
      return;
    }
    // Not for bytes alone: after a wrong length all that follows is part of one endless frame.
    if (isPinged) schedulePing();
    Node node;
    try {
      node = NodeDecoder.decode(plaintext);
    } catch (ProtocolException malformed) {
      finish(CloseReason.BAD_NODE);
      return;
    }
    received(node);
  }

  private void received(Node node) {
    if (waiters.answer(node) || isPong(node)) return;
    if (isPing(node)) {
      sendIfOpen(
          Node.of("iq")
              .with("to", Jid.WHATSAPP)
              .with("type", "result")
              .with("id", node.value("id")));
      return;
    }
    listener.received(node);
  }

  private boolean isPong(Node node) {
    return Waiters.isAnswer(node) && node.is("id", lastPing);
  }

  private static boolean isPing(Node node) {
    return node.is("iq") && node.is("xmlns", "urn:xmpp:ping") && node.is("type", "get");
  }

  private void schedulePing() {
    if (closed.get() != null) return;
    isPinged = false;
    long delay =
        ThreadLocalRandom.current()
            .nextLong(keepalive.least().toMillis(), keepalive.most().toMillis() + 1);
    long due = nanos.getAsLong() + Duration.ofMillis(delay).toNanos();
    setTimer(delay, () -> ping(due));
  }

  private void ping(long due) {
    if (closed.get() != null) return;
    // Who stood still for so long has been given up by everybody, and is not to speak up again.
    if (nanos.getAsLong() - due > keepalive.patience().toNanos()) {
      finish(CloseReason.SILENT);
      return;
    }
    isPinged = true;
    lastPing = nextId();
    sendIfOpen(Iqs.ping(lastPing));
    setTimer(keepalive.patience().toMillis(), this::nothingHeard);
  }

  /** Who does not read hears nothing: that says nothing about the other side. */
  private void nothingHeard() {
    if (isReallyPaused()) {
      schedulePing();
    } else {
      finish(CloseReason.SILENT);
    }
  }

  /** In place of the one before. */
  private void setTimer(long delay, Runnable step) {
    vertx.cancelTimer(timer);
    timer = vertx.setTimer(delay, _ -> step.run());
  }

  private void sendIfOpen(Node node) {
    try {
      send(node);
    } catch (ConnectionClosedException over) {
      // The listener learns it from the one who closed it.
    }
  }

  private void setPaused(boolean pause) {
    pausing.lock();
    try {
      paused = pause;
    } finally {
      pausing.unlock();
    }
    applyPause();
  }

  /** An answer that someone waits for would be stuck behind what is paused. */
  private void applyPause() {
    pausing.lock();
    try {
      if (isReallyPaused()) {
        webSocket.pause();
      } else {
        webSocket.resume();
      }
    } finally {
      pausing.unlock();
    }
  }

  private boolean isReallyPaused() {
    pausing.lock();
    try {
      return paused && waiters.isEmpty() && closed.get() == null;
    } finally {
      pausing.unlock();
    }
  }

  private void throwIfClosed() {
    CloseReason reason = closed.get();
    if (reason != null) throw new ConnectionClosedException(reason);
  }

  private CloseReason reasonOfClose() {
    Short status = webSocket.closeStatusCode();
    boolean isAbnormal = status == null || status == 1006;
    return isAbnormal ? CloseReason.LOST : CloseReason.CLOSED_BY_SERVER;
  }

  private void finish(CloseReason reason) {
    if (!closed.compareAndSet(null, reason)) return;
    waiters.failAll(reason);
    context.runOnContext(
        _ -> {
          vertx.cancelTimer(timer);
          webSocket.resume(); // or the other side's goodbye is never read
          webSocket.close();
          listener.closed(reason);
        });
  }

  private static int drawnForId() {
    return ThreadLocalRandom.current().nextInt(1 << 16);
  }
}
