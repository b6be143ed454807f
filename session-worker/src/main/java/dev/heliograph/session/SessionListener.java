package dev.heliograph.session;

import dev.heliograph.whatsapp.socket.CloseReason;
import dev.heliograph.whatsapp.socket.DialException;
import dev.heliograph.whatsapp.stream.Ending;
import java.time.Duration;

/**
 * Told what a session does beside its log, on its thread and without a say in it: for who counts.
 */
public interface SessionListener {
  /** One who does not care. */
  SessionListener NONE = new SessionListener() {};

  /** No connection came about. */
  default void notConnected(DialException.Reason reason) {}

  /** A connection is gone, or was given up. */
  default void lost(CloseReason reason) {}

  /** WhatsApp said why it ends the stream; some endings are a lost connection too. */
  default void ended(Ending ending) {}

  /** WhatsApp has let the session in. */
  default void loggedIn() {}

  /**
   * A message is in the journal as {@code sending}.
   *
   * @param sinceAccepted by the API, by two machines' clocks: may be negative
   */
  default void sending(Duration sinceAccepted) {}

  /** A device could not read a message of ours. */
  default void askedAgain() {}
}
