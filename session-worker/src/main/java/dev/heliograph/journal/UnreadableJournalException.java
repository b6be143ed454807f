package dev.heliograph.journal;

/**
 * The journal has something that this version does not understand, most likely as a newer one has
 * written it: two versions run side by side while one is deployed, or rolled back. Nothing may be
 * appended to what was not understood; a newer worker can go on.
 */
public final class UnreadableJournalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnreadableJournalException(String message) {
    super(message);
  }
}
