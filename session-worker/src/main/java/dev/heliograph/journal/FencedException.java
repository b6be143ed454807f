package dev.heliograph.journal;

/** Another owner has written to the journal: what this session remembers is the past. */
public final class FencedException extends RuntimeException {
  FencedException() {
    super("another owner has the journal");
  }
}
