package dev.heliograph.whatsapp.signal;

import java.util.Optional;

/** What an {@code <enc>} between two devices holds. */
public enum CiphertextType {
  /** Begins a session: the sender has not heard from us on it yet. */
  PRE_KEY_MESSAGE("pkmsg"),
  MESSAGE("msg");

  private final String text;

  CiphertextType(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }

  public static Optional<CiphertextType> find(String text) {
    if (text.equals("pkmsg")) return Optional.of(PRE_KEY_MESSAGE);
    return text.equals("msg") ? Optional.of(MESSAGE) : Optional.empty();
  }
}
