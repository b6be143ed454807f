package dev.heliograph.session;

import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.socket.CloseReason;
import dev.heliograph.whatsapp.socket.Connection;

/** Carries what a connection reads to the session's mailbox. Runs on the connection's event loop. */
final class Reader implements Connection.Listener {
  private final long number;
  private final Mailbox mailbox;

  Reader(long number, Mailbox mailbox) {
    this.number = number;
    this.mailbox = mailbox;
  }

  @Override
  public void received(Node node) {
    mailbox.put(new Mail.Stanza(number, node));
  }

  @Override
  public void closed(CloseReason reason) {
    mailbox.put(new Mail.Closed(number, reason));
  }
}
