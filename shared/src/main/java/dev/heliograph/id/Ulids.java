package dev.heliograph.id;

import com.github.f4b6a3.ulid.Ulid;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** The random part of our ids: 26 characters of Crockford's base 32. */
public final class Ulids {
  private Ulids() {}

  /**
   * The same id for the same parts, always: what is repeated after a crash lands on itself.
   *
   * @param parts each is taken with its length, so that no two lists of parts run into one
   */
  public static String derived(String... parts) {
    MessageDigest sha256 = sha256();
    for (String part : parts) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      sha256.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
      sha256.update(bytes);
    }
    return Ulid.from(Arrays.copyOf(sha256.digest(), 16)).toString();
  }

  /** Throws unless {@code value} is {@code prefix} and a ULID in upper case. */
  public static void check(String prefix, String value) {
    if (!isValid(prefix, value)) {
      throw new IllegalArgumentException("not an id of the form " + prefix + "<ULID>");
    }
  }

  /** Whether {@code value} is {@code prefix} and a ULID in upper case. */
  public static boolean isValid(String prefix, String value) {
    if (!value.startsWith(prefix)) {
      return false;
    }
    String ulid = value.substring(prefix.length());
    // isValid alone takes lower case and look-alikes too: two names for one row.
    return Ulid.isValid(ulid) && Ulid.from(ulid).toString().equals(ulid);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
