package dev.heliograph.instance;

import java.time.Instant;

/**
 * What a phone scans to link itself.
 *
 * @param raw the text in the code: whoever has it can take the pairing over
 * @param attempt counts the pairing attempts of the instance: a code dies with its attempt
 */
public record QrCode(String raw, Instant expiresAt, int attempt) {
  public boolean isExpired(Instant now) {
    return !now.isBefore(expiresAt);
  }

  @Override
  public String toString() {
    return "QrCode[attempt=%d, expiresAt=%s]".formatted(attempt, expiresAt);
  }
}
