package dev.heliograph.whatsapp.message;

import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.ProtocolException;
import dev.heliograph.whatsapp.stream.Times;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A {@code receipt} for messages that we, or other devices of our account, have sent.
 *
 * @param messageIds at least one; of very many the first ones
 * @param from the chat; of {@link ReceiptType#RETRY} in a chat of two the device that asks
 * @param readers in a group, who it is from
 * @param recipient the chat, if another device of our own account sent the receipt
 */
public record Receipt(
    ReceiptType type,
    List<String> messageIds,
    Jid from,
    List<Jid> readers,
    Optional<Jid> recipient,
    Optional<Instant> time) {
  /** No chat has more unread, and each of them is looked up. */
  private static final int MOST_IDS = 500;

  public Receipt {
    messageIds = List.copyOf(messageIds);
    readers = List.copyOf(readers);
  }

  /**
   * Reads a {@code receipt} stanza.
   *
   * @throws ProtocolException if it cannot be one
   */
  public static Receipt parse(Node stanza) {
    Optional<Node> together = stanza.child("participants");
    return new Receipt(
        ReceiptType.of(stanza),
        together.map(list -> List.of(list.requireAttr("key"))).orElseGet(() -> ids(stanza)),
        stanza.requireJid("from"),
        together.map(Receipt::users).orElseGet(() -> stanza.jid("participant").stream().toList()),
        stanza.jid("recipient"),
        Times.findSeconds(stanza, "t"));
  }

  /** What it says of some of its messages. */
  public Receipt of(List<String> some) {
    return new Receipt(type, some, from, readers, recipient, time);
  }

  private static List<String> ids(Node stanza) {
    Set<String> ids = new LinkedHashSet<>();
    ids.add(stanza.requireAttr("id"));
    stanza
        .child("list")
        .ifPresent(
            list ->
                list.children("item").stream()
                    .limit(MOST_IDS)
                    .forEach(item -> ids.add(item.requireAttr("id"))));
    return List.copyOf(ids);
  }

  private static List<Jid> users(Node participants) {
    return participants.children("user").stream().map(user -> user.requireJid("jid")).toList();
  }

  @Override
  public String toString() {
    return "Receipt[" + type + ", messages=" + messageIds.size() + "]";
  }
}
