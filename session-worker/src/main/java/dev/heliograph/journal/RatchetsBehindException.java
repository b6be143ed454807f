package dev.heliograph.journal;

/**
 * A record is newer than the last entry: the tables were restored from a backup, and what the
 * ratchets have sent since is not known.
 */
public final class RatchetsBehindException extends RuntimeException {
  RatchetsBehindException() {
    super("a record is newer than the journal");
  }
}
