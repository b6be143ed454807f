package dev.heliograph.account;

import dev.heliograph.id.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a caller shows to act for a customer: {@code hg_} and 64 hex digits. We keep its hash alone;
 * 256 random bits need no salt and no slow hash.
 */
public record ApiKey(String text) {
  private static final String PREFIX = "hg_";
  private static final String BEARER = "bearer ";
  private static final int BYTES = 32;
  private static final Pattern FORM = Pattern.compile(PREFIX + "[0-9a-f]{64}");
  private static final SecureRandom RANDOM = new SecureRandom();

  public ApiKey {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("not an API key");
    }
  }

  /** A new one. */
  public static ApiKey draw() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return new ApiKey(PREFIX + HexFormat.of().formatHex(bytes));
  }

  /** The key in {@code text}, or nothing if it has not the form of one. */
  public static Optional<ApiKey> parse(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new ApiKey(text)) : Optional.empty();
  }

  /** The key in a header {@code Authorization: Bearer hg_…}, or nothing if that is none. */
  public static Optional<ApiKey> inAuthorization(String header) {
    return header.toLowerCase(Locale.ROOT).startsWith(BEARER)
        ? parse(header.substring(BEARER.length()).strip())
        : Optional.empty();
  }

  /** SHA-256 in hex. */
  String hash() {
    return HexFormat.of().formatHex(Sha256.of(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public String toString() {
    return "[redacted]";
  }
}
