package dev.heliograph.whatsapp.message;

import dev.heliograph.whatsapp.crypto.Hashes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * The ids that WhatsApp knows messages by, in the form of WhatsApp Web: {@code 3EB0} and 18 hex
 * digits.
 */
public final class MessageIds {
  private static final String PREFIX = "3EB0";
  private static final int LENGTH = 9;

  private MessageIds() {}

  public static String random(RandomGenerator random) {
    byte[] bytes = new byte[LENGTH];
    random.nextBytes(bytes);
    return format(bytes);
  }

  /**
   * The same id for the same seed: who asks again for the same message must not get a second one.
   */
  public static String derive(String seed) {
    return format(Arrays.copyOf(Hashes.sha256(seed.getBytes(StandardCharsets.UTF_8)), LENGTH));
  }

  private static String format(byte[] bytes) {
    return PREFIX + HexFormat.of().withUpperCase().formatHex(bytes);
  }
}
