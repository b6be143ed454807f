package dev.heliograph.whatsapp.message;

import dev.heliograph.whatsapp.Node;
import java.util.Arrays;

/** What a receipt tells. */
public enum ReceiptType {
  /** Has arrived on one device. */
  DELIVERED(""),
  /** Has arrived on a device that does not show it now. */
  INACTIVE("inactive"),
  READ("read"),
  PLAYED("played"),
  /** Another device of our own account has read it. */
  READ_SELF("read-self"),
  PLAYED_SELF("played-self"),
  /** Another device of our own account has its copy. */
  SENDER("sender"),
  RETRY("retry"),
  PEER_MESSAGE("peer_msg"),
  HISTORY_SYNC("hist_sync"),
  SERVER_ERROR("server-error"),
  OTHER("?");

  private final String text;

  ReceiptType(String text) {
    this.text = text;
  }

  static ReceiptType of(Node receipt) {
    String type = receipt.attr("type").orElse("");
    return Arrays.stream(values())
        .filter(known -> known.text.equals(type))
        .findFirst()
        .orElse(OTHER);
  }

  Node on(Node receipt) {
    return text.isEmpty() ? receipt : receipt.with("type", text);
  }
}
