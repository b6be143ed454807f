package dev.heliograph.whatsapp.auth;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The version of WhatsApp Web that we say we are; too old a one is refused. */
public record ClientVersion(int primary, int secondary, int tertiary) {
  /** As published in August 2026. */
  public static final ClientVersion KNOWN = new ClientVersion(2, 3000, 1045649367);

  private static final Pattern TEXT = Pattern.compile("(\\d{1,4})\\.(\\d{1,9})\\.(\\d{1,10})");

  /** Reads a text such as {@code 2.3000.1045649367}. */
  public static ClientVersion parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) throw new IllegalArgumentException("not a version such as " + KNOWN);
    return new ClientVersion(
        Integer.parseInt(matcher.group(1)),
        Integer.parseInt(matcher.group(2)),
        Integer.parseUnsignedInt(matcher.group(3)));
  }

  @Override
  public String toString() {
    return primary + "." + secondary + "." + Integer.toUnsignedString(tertiary);
  }
}
