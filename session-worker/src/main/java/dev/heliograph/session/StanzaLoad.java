package dev.heliograph.session;

/** How much of what was read off a socket waits for its session, and how much may. */
public final class StanzaLoad {
  /** Two batches: more would only lie there longer. */
  static final int FULL = 64;

  static final int FULL_BYTES = 1 << 20;

  /** What may come on a socket that is not paused, since somebody waits for an answer on it. */
  static final int OVERFLOWING = 4096;

  /** Above the longest frame that there is: one alone must not end its connection for ever. */
  static final int OVERFLOWING_BYTES = 40 << 20;

  private int stanzas;
  private long bytes;

  /** One more waits. */
  public void add(Mail.Stanza stanza) {
    stanzas++;
    bytes += stanza.node().weight();
  }

  /** One waits no more. */
  public void remove(Mail.Stanza stanza) {
    stanzas--;
    bytes -= stanza.node().weight();
  }

  /** Whether no more should be read. */
  public boolean isFull() {
    return stanzas >= FULL || bytes >= FULL_BYTES;
  }

  /** Whether the connection must go: what was not acked comes again. */
  public boolean isOverflowing() {
    return stanzas >= OVERFLOWING || bytes >= OVERFLOWING_BYTES;
  }
}
