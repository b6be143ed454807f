package dev.heliograph.whatsapp.auth;

import dev.heliograph.whatsapp.crypto.KeyPair;
import java.time.Duration;
import java.util.Base64;

/**
 * What a QR code says.
 *
 * @param text a secret while it is valid: whoever scans it links his account to us
 * @param lifetime how long to show it before the next one
 */
public record QrCode(String text, Duration lifetime) {
  private static final String PREFIX = "https://wa.me/settings/linked_devices#";

  /** What kind of client the phone is told that we are: Chrome. */
  private static final String CLIENT_TYPE = "1";

  static QrCode of(String ref, Credentials credentials, Duration lifetime) {
    Base64.Encoder base64 = Base64.getEncoder();
    String text =
        String.join(
            ",",
            ref,
            base64.encodeToString(bytes(credentials.noiseKey())),
            base64.encodeToString(bytes(credentials.identityKey())),
            base64.encodeToString(credentials.advSecret().toByteArray()),
            CLIENT_TYPE);
    return new QrCode(PREFIX + text, lifetime);
  }

  private static byte[] bytes(KeyPair keyPair) {
    return keyPair.publicKey().toByteArray();
  }

  @Override
  public String toString() {
    return "QrCode[redacted, lifetime=" + lifetime + "]";
  }
}
