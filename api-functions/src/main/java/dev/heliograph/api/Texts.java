package dev.heliograph.api;

/** What every text has to be that a caller sends. */
final class Texts {
  private Texts() {}

  /**
   * Returns the text, unless there is something wrong with it.
   *
   * @param maxLength in characters as people count them: code points
   */
  static String check(String field, String text, int maxLength) {
    if (text.isBlank()) {
      throw ApiException.invalidField(field, "must not be empty");
    }
    if (length(text) > maxLength) {
      throw ApiException.invalidField(
          field, "must have at most %d characters".formatted(maxLength));
    }
    if (!isWellFormed(text)) {
      throw ApiException.invalidField(field, "must be well-formed Unicode");
    }
    if (text.indexOf('\0') >= 0) {
      throw ApiException.invalidField(field, "must not contain U+0000");
    }
    return text;
  }

  /** In code points, as JSON Schema counts too. */
  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** JSON can escape half of a surrogate pair; UTF-8 has no bytes for it. */
  static boolean isWellFormed(String text) {
    return text.codePoints()
        .noneMatch(
            codePoint ->
                codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE);
  }
}
