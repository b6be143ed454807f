package dev.heliograph.sandbox.connection;

import dev.heliograph.sandbox.store.Turn;
import dev.heliograph.sandbox.wire.Node;

/** What a client is after its handshake. Called in turns only. */
public interface Role {
  void receive(Turn turn, Node node);

  /** Hears of a node that could not be handled: nothing of it has happened. */
  void refuse(Node node, RuntimeException reason);

  void gone();
}
