package dev.heliograph.journal;

/** Nobody said whether an entry is in: the session cannot go on from what it remembers. */
public final class OutcomeUnknownException extends RuntimeException {
  OutcomeUnknownException(Throwable cause) {
    super("nobody said whether the entry is in", cause);
  }
}
