package dev.heliograph.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The headers of a request that its receiver can verify (Standard Webhooks, symmetric scheme {@code
 * v1}): an HMAC-SHA256 over id, time and body.
 */
final class Signature {
  private static final String ALGORITHM = "HmacSHA256";

  private Signature() {}

  /**
   * The headers of one attempt.
   *
   * @param id the same in each attempt: receivers drop what they have seen
   * @param at when the attempt is made: receivers refuse what is old
   */
  static Map<String, String> headers(SigningSecret secret, String id, Instant at, String body) {
    String timestamp = Long.toString(at.getEpochSecond());
    String signed = id + "." + timestamp + "." + body;
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("webhook-id", id);
    headers.put("webhook-timestamp", timestamp);
    headers.put("webhook-signature", "v1," + hmac(secret, signed));
    return headers;
  }

  private static String hmac(SigningSecret secret, String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.key(), ALGORITHM));
      byte[] hmac = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(hmac);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }
}
