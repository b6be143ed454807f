package dev.heliograph.bench.chaos;

import dev.heliograph.bench.deployment.LinkedNumber;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Every text that was to be sent. All differ, so that each can be told where it turns up. */
final class Ledger {
  private final Map<String, Entry> accepted = new ConcurrentHashMap<>();
  private final Map<String, String> refused = new ConcurrentHashMap<>();

  enum Direction {
    /** From a number to a phone. */
    OUT,
    /** From a phone to a number. */
    IN
  }

  /**
   * A text.
   *
   * @param friend the phone at the other end
   */
  record Entry(Direction direction, LinkedNumber number, String friend, String text) {}

  /** Whoever sent it was told that it is on its way. */
  void accepted(Entry entry) {
    accepted.put(entry.text(), entry);
  }

  /** Whoever sent it was never told so. */
  void refused(Entry entry, String why) {
    refused.put(entry.text(), why);
  }

  Map<String, Entry> accepted() {
    return accepted;
  }

  Map<String, String> refused() {
    return refused;
  }
}
