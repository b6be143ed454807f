package dev.heliograph.journal;

/**
 * A record is newer than the last entry. Either another owner has written it, who has fenced this
 * one; or the tables were restored from a backup, and what the ratchets have sent since is not
 * known.
 */
public final class RatchetsBehindException extends RuntimeException {
  private final long seq;

  RatchetsBehindException(long seq) {
    super("a record is newer than the journal");
    this.seq = seq;
  }

  /** The entry that the record stands for, which is not there. */
  public long seq() {
    return seq;
  }
}
