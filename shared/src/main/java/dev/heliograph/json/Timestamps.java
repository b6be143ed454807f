package dev.heliograph.json;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Times as customers see them: ISO 8601 in UTC, with three decimals. */
public final class Timestamps {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Timestamps() {}

  /** Such as {@code 2026-05-01T12:34:56.000Z}; what is finer than a millisecond is cut off. */
  public static String format(Instant time) {
    return FORMAT.format(time);
  }

  /** As {@link #format}, and null for null. */
  public static @Nullable String formatNullable(@Nullable Instant time) {
    return time == null ? null : format(time);
  }
}
