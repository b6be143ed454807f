package dev.heliograph.session;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What lies between a session and those who tell it something. However often it is rung, one {@link
 * Mail.Look} waits at most, and names what all of them did; whoever reads stanzas off a socket asks
 * {@link #isFull} and stops reading.
 */
public interface Mailbox {
  /** Adds something at the end; never blocks. */
  void put(Mail mail);

  /** Takes the first, waiting for it; empty when nothing came in time. */
  Optional<Mail> poll(Duration longest) throws InterruptedException;

  /** Takes the first if it is a stanza. */
  Optional<Mail.Stanza> pollStanza();

  /** Takes all that is there. */
  List<Mail> drain();

  /** How much waits. */
  int size();

  /** Whether so much waits, in stanzas or in bytes, that no more should be read. */
  boolean isFull();

  /** Whether so much waits that the connection must go: what was not acked comes again. */
  boolean isOverflowing();

  /** Notes for those outside whether WhatsApp has let the session in. */
  void setConnected(boolean connected);

  /** What was noted last. */
  boolean isConnected();
}
