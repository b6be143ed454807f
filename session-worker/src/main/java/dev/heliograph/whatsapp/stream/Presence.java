package dev.heliograph.whatsapp.stream;

import dev.heliograph.whatsapp.Node;

/** Whether the account counts as online; the phone stays silent while it does. */
public final class Presence {
  private Presence() {}

  public static Node unavailable() {
    return Node.of("presence").with("type", "unavailable");
  }

  /** Online, under the name that others see. */
  public static Node available(String pushName) {
    return Node.of("presence").with("type", "available").with("name", pushName);
  }
}
