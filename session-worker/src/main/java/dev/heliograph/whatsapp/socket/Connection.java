package dev.heliograph.whatsapp.socket;

import dev.heliograph.whatsapp.Node;
import java.time.Duration;

/**
 * A connection to WhatsApp after the handshake. Safe for use by any thread; what one thread sends
 * leaves in that order. Nothing is sent twice and nothing is kept: after a {@link
 * ConnectionClosedException} the caller does not know whether what it sent before has arrived.
 */
public interface Connection {
  /**
   * Hands a node to the socket.
   *
   * @throws ConnectionClosedException if the connection is closed, or closes for having too much
   *     unsent
   */
  void send(Node node);

  /**
   * Hands a node to the socket that {@link dev.heliograph.whatsapp.binary.NodeEncoder} has encoded,
   * maybe long ago.
   *
   * @throws ConnectionClosedException if the connection is closed, or closes for having too much
   *     unsent
   */
  void send(byte[] encodedNode);

  /**
   * Sends an iq and waits for its answer, which then reaches nobody else. For virtual threads: it
   * blocks.
   *
   * @param iq with an {@code id} that is unique on this connection, and a {@code to}
   * @return the answer, of type {@code result}
   * @throws IqErrorException if the answer is of type {@code error}
   * @throws IqTimeoutException if there is none in time
   * @throws ConnectionClosedException if the connection was closed before or closes meanwhile
   */
  Node request(Node iq, Duration timeout) throws InterruptedException;

  /** An {@code id} for an iq, unique on this connection and unlike any message's id. */
  String nextId();

  /**
   * Whether someone waits in {@link #request}: as long as that is so the socket must not stay
   * paused.
   */
  boolean hasWaiters();

  /** Reads no more from the socket. What was read already may still reach the listener. */
  void pause();

  void resume();

  /**
   * Closes; the listener learns it as {@link CloseReason#CLOSED_BY_US}. Does nothing if it is
   * closed already.
   */
  void close();

  /** What a connection tells. Called on the connection's event loop: it must not block. */
  interface Listener {
    /** A node other than an awaited answer or the server's pings, in the order of the wire. */
    void received(Node node);

    /** The connection is over: the last call, made once. */
    void closed(CloseReason reason);
  }
}
