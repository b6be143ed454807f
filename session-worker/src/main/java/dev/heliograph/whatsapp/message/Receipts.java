package dev.heliograph.whatsapp.message;

import com.google.protobuf.ByteString;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.auth.Account;
import dev.heliograph.whatsapp.auth.Credentials;
import dev.heliograph.whatsapp.signal.PreKey;
import dev.heliograph.whatsapp.stream.Iqs;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The receipts that we send. A message gets exactly one when it was decrypted, or was a duplicate,
 * and no ack then.
 */
public final class Receipts {
  private Receipts() {}

  /** We have the message. */
  public static Node delivered(InboundMessage message) {
    return type(message).on(receipt(message));
  }

  /** We have the history that our phone offered; comes after {@link #delivered}. */
  public static Node historySync(InboundMessage message, Account own) {
    return ReceiptType.HISTORY_SYNC.on(
        Node.of("receipt").with("id", message.id()).with("to", own.pn().bare()));
  }

  /** A human has seen the messages, all from the same sender in the same chat. */
  public static Node read(List<String> messageIds, Jid chat, Jid sender, Instant now) {
    Node receipt =
        Node.of("receipt")
            .with("id", messageIds.getFirst())
            .with("type", "read")
            .with("to", chat)
            .with("t", now.getEpochSecond());
    if (chat.isGroup()) receipt = receipt.with("participant", sender);
    List<Node> others = new ArrayList<>();
    for (String id : messageIds.subList(1, messageIds.size())) {
      others.add(Node.of("item").with("id", id));
    }
    return others.isEmpty() ? receipt : receipt.with(Node.of("list").with(others));
  }

  /**
   * Asks for the message again.
   *
   * @param count how many times this message was asked for, 1 the first time
   */
  public static Node retry(InboundMessage message, int count, Credentials credentials) {
    Node receipt = receipt(message);
    if (message.peer()) receipt = receipt.with("category", "peer");
    return ReceiptType.RETRY
        .on(receipt)
        .with(
            Node.of("retry")
                .with("count", count)
                .with("id", message.id())
                .with("t", message.time().getEpochSecond())
                .with("v", 1),
            Iqs.registration(credentials));
  }

  /**
   * Asks for the message again, in a session that the sender shall begin with these keys.
   *
   * @param preKey given away to this sender alone
   */
  public static Node retry(
      InboundMessage message, int count, Credentials credentials, PreKey preKey) {
    ByteString deviceIdentity = credentials.account().deviceIdentity();
    return retry(message, count, credentials)
        .with(
            Node.of("keys")
                .with(
                    Iqs.type(),
                    Iqs.identity(credentials),
                    Iqs.key(preKey),
                    Iqs.signedPreKey(credentials.signedPreKey()),
                    Node.of("device-identity").with(deviceIdentity)));
  }

  private static Node receipt(InboundMessage message) {
    Node stanza = message.stanza();
    return Node.of("receipt")
        .with("id", message.id())
        .with("to", stanza.value("from"))
        .with("participant", stanza.value("participant"))
        .with("recipient", stanza.value("recipient"));
  }

  private static ReceiptType type(InboundMessage message) {
    if (message.peer()) return ReceiptType.PEER_MESSAGE;
    return message.fromOwnAccount() ? ReceiptType.SENDER : ReceiptType.DELIVERED;
  }
}
