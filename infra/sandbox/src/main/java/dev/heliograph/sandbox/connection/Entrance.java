package dev.heliograph.sandbox.connection;

import dev.heliograph.sandbox.store.Turn;
import dev.heliograph.sandbox.wire.ServerHandshake;
import org.jspecify.annotations.Nullable;

/** Decides what a client that has shaken hands is. */
public interface Entrance {
  /**
   * Lets a client in.
   *
   * @return null if it was turned away, and has been told so
   */
  @Nullable Role enter(Turn turn, Connection connection, ServerHandshake.Finished client);
}
