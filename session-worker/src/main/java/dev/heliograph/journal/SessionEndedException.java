package dev.heliograph.journal;

/** The session was told to end while something of it was waiting. */
public final class SessionEndedException extends RuntimeException {
  SessionEndedException(InterruptedException cause) {
    super("the session is to end", cause);
  }
}
