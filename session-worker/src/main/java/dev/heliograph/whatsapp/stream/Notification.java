package dev.heliograph.whatsapp.stream;

import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Node;
import java.util.Optional;

/** What a {@code notification} tells, as far as it matters to us. Every one is acked. */
public sealed interface Notification {
  /** The server has only so many of our one-time pre-keys left. */
  record PreKeysLow(int count) implements Notification {}

  /**
   * A user has set up WhatsApp anew: nothing that we know of his devices and their keys holds any
   * more.
   */
  record IdentityChanged(Jid user) implements Notification {}

  /** A user's list of devices has changed. */
  record DevicesChanged(Jid user) implements Notification {}

  /** Our own list of devices has changed. */
  record OwnDevicesChanged() implements Notification {}

  /** The code that is shown should be drawn anew. */
  record QrRefresh() implements Notification {}

  /** The account demands a passkey to link a device, which needs an authenticator. */
  record PasskeyDemanded() implements Notification {}

  record Other(String type) implements Notification {}

  /** What this notification tells; what is odd about it makes it an {@link Other}. */
  static Notification parse(Node node) {
    String type = node.attr("type").orElse("");
    Optional<Jid> from = node.jid("from");
    return switch (type) {
      case "encrypt" -> encrypt(node, from, type);
      case "devices" ->
          from.<Notification>map(user -> new DevicesChanged(user.bare())).orElse(new Other(type));
      case "account_sync" -> node.hasChild("devices") ? new OwnDevicesChanged() : new Other(type);
      case "companion_reg_refresh" -> new QrRefresh();
      case "passkey_prologue_request" -> new PasskeyDemanded();
      default -> new Other(type);
    };
  }

  private static Notification encrypt(Node node, Optional<Jid> from, String type) {
    Optional<Node> count = node.child("count");
    if (count.isPresent()) {
      long value = count.get().number("value").orElse(0L);
      return new PreKeysLow(Math.clamp(value, 0, Integer.MAX_VALUE));
    }
    if (!node.hasChild("identity") || from.isEmpty()) return new Other(type);
    return new IdentityChanged(from.get().bare());
  }
}
