package dev.heliograph.session;

import dev.heliograph.whatsapp.auth.Credentials;
import dev.heliograph.whatsapp.socket.Connection;

/**
 * The connection of the moment.
 *
 * @param number stanzas carry it: those of an earlier connection are ignored
 * @param credentials those it was made with
 */
record Link(long number, Connection connection, Credentials credentials, Phase phase) {
  enum Phase {
    /** Made with new keys: codes come, then the scan. */
    PAIRING,
    /** The phone has scanned: the server is about to close. */
    PAIRED,
    /** The server has not said yet whether it lets us in. */
    LOGGING_IN,
    /** In; what waited for us is being delivered. */
    DRAINING,
    /** In, and nothing is left of what waited. */
    READY
  }

  Link in(Phase next) {
    return new Link(number, connection, credentials, next);
  }

  boolean isLoggedIn() {
    return phase == Phase.DRAINING || phase == Phase.READY;
  }
}
