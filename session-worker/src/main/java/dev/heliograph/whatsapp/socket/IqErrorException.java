package dev.heliograph.whatsapp.socket;

import dev.heliograph.whatsapp.Node;

/** WhatsApp refused an iq. */
public final class IqErrorException extends RuntimeException {
  private final int code;

  /**
   * An error of this code.
   *
   * @param code as in HTTP, mostly; 0 if the answer has none
   */
  public IqErrorException(int code) {
    super("iq error " + code);
    this.code = code;
  }

  /** The error that an answer of type {@code error} tells. */
  public static IqErrorException from(Node answer) {
    long code =
        answer
            .child("error")
            .flatMap(error -> error.attr("code"))
            .filter(text -> text.matches("[0-9]{1,6}"))
            .map(Long::parseLong)
            .orElse(0L);
    return new IqErrorException((int) code);
  }

  /** Whether the same question may be answered later. */
  public boolean isTransient() {
    return switch (code) {
      case 408, 429, 500, 502, 503, 504 -> true;
      default -> false;
    };
  }

  public int code() {
    return code;
  }
}
