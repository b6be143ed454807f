package dev.heliograph.journal;

/** The journal was opened in a later epoch than the one that wants to open it. */
public final class EpochPassedException extends RuntimeException {
  private final long met;

  EpochPassedException(long met) {
    super("the journal is in a later epoch");
    this.met = met;
  }

  /** The epoch that the journal is in. */
  public long met() {
    return met;
  }
}
