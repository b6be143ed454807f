package dev.heliograph.api;

/** What every text has to be that a caller sends. */
final class Texts {
  private Texts() {}

  /** Returns the text, unless there is something wrong with it. */
  static String check(String field, String text, int maxLength) {
    if (text.isBlank()) {
      throw ApiException.invalidField(field, "must not be empty");
    }
    if (text.length() > maxLength) {
      throw ApiException.invalidField(
          field, "must have at most %d characters".formatted(maxLength));
    }
    if (!isWellFormed(text)) {
      throw ApiException.invalidField(field, "must be well-formed Unicode");
    }
    return text;
  }

  /** JSON can escape half of a surrogate pair; UTF-8 has no bytes for it. */
  private static boolean isWellFormed(String text) {
    return text.codePoints()
        .noneMatch(
            codePoint ->
                codePoint == 0
                    || (codePoint >= Character.MIN_SURROGATE
                        && codePoint <= Character.MAX_SURROGATE));
  }
}
