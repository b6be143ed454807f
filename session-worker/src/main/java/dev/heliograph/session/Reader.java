package dev.heliograph.session;

import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.socket.CloseReason;
import dev.heliograph.whatsapp.socket.Connection;
import org.jspecify.annotations.Nullable;

/**
 * Carries what a connection reads to the session's mailbox. Runs on the connection's event loop.
 */
final class Reader implements Connection.Listener {
  private final long number;
  private final Mailbox mailbox;
  private volatile @Nullable Connection connection;

  Reader(long number, Mailbox mailbox) {
    this.number = number;
    this.mailbox = mailbox;
  }

  /** Lets it slow the connection down. */
  void attach(Connection dialed) {
    connection = dialed;
  }

  @Override
  public void received(Node node) {
    mailbox.put(new Mail.Stanza(number, node));
    Connection source = connection;
    if (source == null || !mailbox.isFull()) {
      return;
    }
    if (mailbox.isOverflowing()) {
      source.close();
    } else if (!source.hasWaiters()) { // whose answer would be stuck behind what is paused
      source.pause();
    }
  }

  @Override
  public void closed(CloseReason reason) {
    mailbox.put(new Mail.Closed(number, reason));
  }
}
