package dev.heliograph.sandbox.connection;

import dev.heliograph.sandbox.store.Turn;
import dev.heliograph.sandbox.store.Turns;
import dev.heliograph.sandbox.wire.Frames;
import dev.heliograph.sandbox.wire.MalformedStanzaException;
import dev.heliograph.sandbox.wire.Node;
import dev.heliograph.sandbox.wire.NodeDecoder;
import dev.heliograph.sandbox.wire.NodeEncoder;
import dev.heliograph.sandbox.wire.NoiseTransport;
import dev.heliograph.sandbox.wire.ServerHandshake;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's socket. Its event loop moves bytes: frames, Noise, nodes; what a node means is
 * decided in a turn, by the role that the connection has taken. Whatever a client sends costs its
 * own connection at most.
 */
public final class Connection {
  private static final Logger log = LoggerFactory.getLogger(Connection.class);

  /**
   * Clients close by themselves when told to; one of them drops what it has queued if the server is
   * faster.
   */
  private static final Duration GRACE = Duration.ofSeconds(3);

  private static final int MOST_PENDING = 200;

  private final Vertx vertx;
  private final Context context;
  private final ServerWebSocket webSocket;
  private final Turns turns;
  private final Entrance entrance;
  private final ServerHandshake handshake;
  private final Frames frames = new Frames();
  private final AtomicInteger pending = new AtomicInteger();

  // Of the event loop.
  private boolean isGreeted;
  private @Nullable NoiseTransport transport;
  private boolean isEnding;

  // Of the turns.
  private @Nullable Role role;

  public Connection(
      Vertx vertx,
      ServerWebSocket webSocket,
      Turns turns,
      Entrance entrance,
      ServerHandshake handshake) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.webSocket = webSocket;
    this.turns = turns;
    this.entrance = entrance;
    this.handshake = handshake;
  }

  /** Begins to read. */
  public void open() {
    webSocket.handler(this::received);
    webSocket.exceptionHandler(failure -> drop());
    webSocket.closeHandler(
        closed ->
            turns.submit(
                turn -> {
                  if (role != null) {
                    role.gone();
                  }
                },
                refusal -> {}));
  }

  private void received(Buffer bytes) {
    try {
      for (byte[] frame : frames.take(bytes.getBytes())) {
        received(frame);
      }
    } catch (MalformedStanzaException malformed) {
      log.atDebug().addKeyValue("reason", malformed.getMessage()).log("dropped a client");
      drop();
    } catch (RuntimeException defect) {
      log.atError().setCause(defect).log("a client's bytes were too much");
      drop();
    }
  }

  private void received(byte[] frame) {
    if (isEnding) {
      return;
    }
    if (transport != null) {
      receivedNode(transport, frame);
    } else if (isGreeted) {
      ServerHandshake.Finished finished = handshake.finish(frame);
      transport = finished.transport();
      submit(turn -> role = entrance.enter(turn, this, finished), this::refuseEntry);
    } else {
      isGreeted = true;
      webSocket.writeBinaryMessage(Buffer.buffer(Frames.frame(handshake.answer(frame))));
    }
  }

  private void receivedNode(NoiseTransport opened, byte[] frame) {
    Node node;
    try {
      byte[] plaintext = opened.decrypt(frame);
      node = NodeDecoder.decode(plaintext);
    } catch (GeneralSecurityException forged) {
      throw new MalformedStanzaException("a frame that does not open");
    } catch (MalformedStanzaException garbage) {
      end(streamError(Node.of("xml-not-well-formed")));
      return;
    }
    submit(
        turn -> {
          if (role != null) {
            role.receive(turn, node);
          }
        },
        refusal -> {
          if (role != null) {
            role.refuse(node, refusal);
          }
        });
  }

  /** Hands work to the turns, and reads no more while too much of it waits. */
  private void submit(Consumer<Turn> action, Consumer<RuntimeException> refused) {
    if (pending.incrementAndGet() == MOST_PENDING) {
      webSocket.pause();
    }
    turns.submit(
        turn -> {
          action.accept(turn);
          turn.afterCommit(this::handled);
        },
        refusal -> {
          handled();
          refused.accept(refusal);
        });
  }

  private void handled() {
    if (pending.decrementAndGet() == MOST_PENDING / 2) {
      context.runOnContext(resume -> webSocket.resume());
    }
  }

  private void refuseEntry(RuntimeException refusal) {
    log.atDebug().setCause(refusal).log("refused a client at the gate");
    end(Node.of("failure").with("reason", 400).with("location", "snb"));
  }

  public static Node streamError(Node child) {
    return Node.of("stream:error", child);
  }

  public static Node streamError(int code) {
    return Node.of("stream:error").with("code", code);
  }

  /** Sends in the order of the calls. Nodes for a connection that is ending are dropped. */
  public void send(Node node) {
    context.runOnContext(run -> write(node));
  }

  private void write(Node node) {
    if (!isEnding && transport != null && !webSocket.isClosed()) {
      byte[] frame = transport.encrypt(NodeEncoder.encode(node));
      webSocket.writeBinaryMessage(Buffer.buffer(Frames.frame(frame)));
    }
  }

  /** Sends a frame whose content decrypts and makes no sense. */
  public void sendGarbageNode(byte[] garbage) {
    context.runOnContext(
        run -> {
          if (transport != null) {
            webSocket.writeBinaryMessage(Buffer.buffer(Frames.frame(transport.encrypt(garbage))));
          }
        });
  }

  /** Sends bytes past Noise. */
  public void sendGarbageFrame(byte[] garbage) {
    context.runOnContext(run -> webSocket.writeBinaryMessage(Buffer.buffer(Frames.frame(garbage))));
  }

  /** Says a last word and leaves the closing to the client, for a while. */
  public void end(Node lastWord) {
    context.runOnContext(
        run -> {
          write(lastWord);
          isEnding = true;
          vertx.setTimer(GRACE.toMillis(), late -> drop());
        });
  }

  /** Closes without a word. */
  public void drop() {
    context.runOnContext(
        run -> {
          isEnding = true;
          if (!webSocket.isClosed()) {
            webSocket.close();
          }
        });
  }
}
