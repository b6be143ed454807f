package dev.heliograph.webhook;

/** A signing secret was sealed with another key than this process has. */
final class UnreadableSecretException extends RuntimeException {
  UnreadableSecretException() {
    super("a signing secret cannot be opened with this HELIOGRAPH_SECRET_KEY");
  }
}
