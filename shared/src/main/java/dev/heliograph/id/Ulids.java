package dev.heliograph.id;

import com.github.f4b6a3.ulid.Ulid;
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
    return Ulid.from(Arrays.copyOf(Sha256.ofAll(parts), 16)).toString();
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
}
