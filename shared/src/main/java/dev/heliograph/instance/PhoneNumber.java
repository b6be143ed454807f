package dev.heliograph.instance;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A phone number of plausible length; whether anybody has it is WhatsApp's to say.
 *
 * @param digits country code first, without a plus sign, as in a JID
 */
public record PhoneNumber(String digits) {
  // E.164: at most 15 digits. No country has numbers shorter than 7 with its code.
  private static final Pattern DIGITS = Pattern.compile("[1-9][0-9]{6,14}");

  public PhoneNumber {
    if (!DIGITS.matcher(digits).matches()) {
      throw new IllegalArgumentException("not a phone number with its country code");
    }
  }

  /** Reads {@code +62811…}; the plus sign may be missing, and nothing else may be there. */
  public static Optional<PhoneNumber> parse(String text) {
    String digits = text.startsWith("+") ? text.substring(1) : text;
    return DIGITS.matcher(digits).matches()
        ? Optional.of(new PhoneNumber(digits))
        : Optional.empty();
  }

  /** With its plus sign, as customers see it. */
  public String e164() {
    return "+" + digits;
  }

  /** Personal data: nothing of it. */
  @Override
  public String toString() {
    return "[phone number]";
  }
}
