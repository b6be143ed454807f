package dev.heliograph.id;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 as a function. */
public final class Sha256 {
  private Sha256() {}

  /** The hash of these bytes, one after the other. */
  public static byte[] of(byte[]... parts) {
    MessageDigest sha256 = instance();
    for (byte[] part : parts) {
      sha256.update(part);
    }
    return sha256.digest();
  }

  /** The hash of texts, each taken with its length, so that no two lists of them run into one. */
  public static byte[] ofAll(String... texts) {
    MessageDigest sha256 = instance();
    for (String text : texts) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      sha256.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
      sha256.update(bytes);
    }
    return sha256.digest();
  }

  private static MessageDigest instance() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
