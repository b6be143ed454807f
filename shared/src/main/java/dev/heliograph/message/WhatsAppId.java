package dev.heliograph.message;

import dev.heliograph.instance.InstanceId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The ids by which WhatsApp and all devices know a message that we send: {@code 3EB0} (as WhatsApp
 * Web begins its own) and 18 upper-case hex digits. A repeat under the same id is shown once.
 */
public final class WhatsAppId {
  private static final String PREFIX = "3EB0";
  private static final int BYTES = 9;
  private static final SecureRandom RANDOM = new SecureRandom();

  private WhatsAppId() {}

  /** One that nobody has. */
  public static String random() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return of(bytes);
  }

  /** Always the same for the reference that a customer gave a message of this instance. */
  public static String ofClientRef(InstanceId instance, String clientRef) {
    return derived("client_ref", instance.value(), clientRef);
  }

  /** Always the same for the idempotency key of a request to this instance. */
  public static String ofIdempotencyKey(InstanceId instance, String key) {
    return derived("idempotency_key", instance.value(), key);
  }

  private static String derived(String... parts) {
    MessageDigest sha256 = sha256();
    for (String part : parts) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      sha256.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
      sha256.update(bytes);
    }
    return of(Arrays.copyOf(sha256.digest(), BYTES));
  }

  private static String of(byte[] bytes) {
    return PREFIX + HexFormat.of().withUpperCase().formatHex(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
