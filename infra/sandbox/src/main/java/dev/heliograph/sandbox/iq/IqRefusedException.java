package dev.heliograph.sandbox.iq;

import dev.heliograph.sandbox.fault.Defect;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An answer of type error. */
public final class IqRefusedException extends RuntimeException {
  private final int code;
  private final String text;
  private final @Nullable Defect defect;

  public IqRefusedException(int code, String text) {
    this(code, text, null);
  }

  /** Says also what the client did wrong. */
  public IqRefusedException(int code, String text, @Nullable Defect defect) {
    super(code + " " + text);
    this.code = code;
    this.text = text;
    this.defect = defect;
  }

  public int code() {
    return code;
  }

  public String text() {
    return text;
  }

  public Optional<Defect> defect() {
    return Optional.ofNullable(defect);
  }
}
