package dev.heliograph.message;

import dev.heliograph.id.Sha256;
import dev.heliograph.instance.InstanceId;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The ids by which WhatsApp and all devices know a message that we send: {@code 3EB0} (as WhatsApp
 * Web begins its own) and 18 upper-case hex digits. A repeat under the same id is shown once.
 */
public final class WhatsAppId {
  private static final String PREFIX = "3EB0";
  private static final int BYTES = 9;
  private static final Pattern FORM = Pattern.compile(PREFIX + "[0-9A-F]{" + 2 * BYTES + "}");
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

  /** Whether an id can be one of ours: any other is that of somebody else's message. */
  public static boolean isOne(String id) {
    return FORM.matcher(id).matches();
  }

  private static String derived(String... parts) {
    return of(Arrays.copyOf(Sha256.ofAll(parts), BYTES));
  }

  private static String of(byte[] bytes) {
    return PREFIX + HexFormat.of().withUpperCase().formatHex(bytes);
  }
}
