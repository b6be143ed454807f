package dev.heliograph.webhook;

/** A URL leads where no request of ours may go. It names neither host nor address. */
public final class RefusedTargetException extends RuntimeException {
  private final String code;

  RefusedTargetException(String code, String rule) {
    super(rule);
    this.code = code;
  }

  /** A stable code, such as {@code address_not_public}. */
  public String code() {
    return code;
  }
}
