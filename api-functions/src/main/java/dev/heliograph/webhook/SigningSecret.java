package dev.heliograph.webhook;

import java.security.SecureRandom;
import java.util.Base64;

/**
 * What a customer verifies our requests with.
 *
 * @param text {@code whsec_} and the key in Base64, as Standard Webhooks has it
 */
public record SigningSecret(String text) {
  private static final String PREFIX = "whsec_";
  private static final int BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  public SigningSecret {
    if (!text.startsWith(PREFIX)) {
      throw new IllegalArgumentException("not a signing secret");
    }
  }

  /** A new one. */
  static SigningSecret draw() {
    byte[] key = new byte[BYTES];
    RANDOM.nextBytes(key);
    return new SigningSecret(PREFIX + Base64.getEncoder().encodeToString(key));
  }

  /** The key of the HMAC. */
  byte[] key() {
    return Base64.getDecoder().decode(text.substring(PREFIX.length()));
  }

  @Override
  public String toString() {
    return "[redacted]";
  }
}
