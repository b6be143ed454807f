package dev.heliograph.sandbox.relay;

import dev.heliograph.sandbox.account.Account;
import dev.heliograph.sandbox.account.Accounts;
import dev.heliograph.sandbox.account.Counters;
import dev.heliograph.sandbox.account.Counters.Counter;
import dev.heliograph.sandbox.account.Device;
import dev.heliograph.sandbox.account.DeviceAddress;
import dev.heliograph.sandbox.account.Devices;
import dev.heliograph.sandbox.store.Database;
import dev.heliograph.sandbox.wire.Jid;
import dev.heliograph.sandbox.wire.MalformedStanzaException;
import dev.heliograph.sandbox.wire.Node;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Who hears of a receipt, and in which shape. */
final class ReceiptForwarding {
  private final Database database;
  private final Accounts accounts;
  private final Devices devices;
  private final Counters counters;
  private final AcceptedMessages accepted;
  private final InstantSource clock;

  ReceiptForwarding(
      Database database,
      Accounts accounts,
      Devices devices,
      Counters counters,
      AcceptedMessages accepted,
      InstantSource clock) {
    this.database = database;
    this.accounts = accounts;
    this.devices = devices;
    this.counters = counters;
    this.accepted = accepted;
    this.clock = clock;
    database.execute(
        """
        CREATE TABLE IF NOT EXISTS forwarded_receipts (
          lid TEXT NOT NULL,
          device INTEGER NOT NULL,
          id TEXT NOT NULL,
          to_lid TEXT NOT NULL,
          type TEXT NOT NULL,
          t INTEGER NOT NULL,
          PRIMARY KEY (lid, device, id, to_lid, type)) WITHOUT ROWID
        """);
  }

  /** All the message ids that a receipt names. */
  static List<String> ids(Node receipt) {
    List<String> ids = new ArrayList<>();
    ids.add(receipt.requireText("id"));
    receipt
        .child("list")
        .ifPresent(list -> list.children("item").forEach(item -> ids.add(item.requireText("id"))));
    return ids;
  }

  List<Delivery> forward(Device sender, Node receipt) {
    Jid to = receipt.requireJid("to");
    Account recipient =
        accounts.find(to).orElseThrow(() -> new MalformedStanzaException("a receipt to nobody"));
    DeviceAddress device = new DeviceAddress(recipient.lid(), to.device());
    return switch (receipt.text("type").orElse("")) {
      case "retry" -> retry(sender, receipt, device);
      // The phone sent what these are for, and does not ask what became of it.
      case "peer_msg", "hist_sync", "server-error" -> List.of();
      case "sender" -> toOwnDevice(sender, receipt, device);
      case "read-self", "played-self" -> toOwnOthers(sender, receipt);
      default -> toAll(sender, receipt, recipient);
    };
  }

  private List<Delivery> retry(Device sender, Node receipt, DeviceAddress author) {
    if (devices.find(author).isEmpty()) {
      return List.of();
    }
    counters.count(sender.address(), Counter.RETRY_SENT);
    counters.count(author, Counter.RETRY_RECEIVED);
    accepted.takeBack(author, receipt.requireText("id"), sender.address());
    Node forwarded =
        Node.of("receipt", receipt.children())
            .with("from", sender.address().jid())
            .with("id", receipt.requireText("id"))
            .with("type", "retry")
            .with("t", clock.instant().getEpochSecond());
    boolean isAmongOwn = author.lid().equals(sender.address().lid());
    return List.of(
        new Delivery(author, isAmongOwn ? withChat(forwarded, receipt, "recipient") : forwarded));
  }

  private List<Delivery> toOwnDevice(Device sender, Node receipt, DeviceAddress device) {
    boolean isOther =
        device.lid().equals(sender.address().lid()) && !device.equals(sender.address());
    return isOther && devices.find(device).isPresent()
        ? List.of(new Delivery(device, ownReceipt(sender, receipt, "recipient")))
        : List.of();
  }

  private List<Delivery> toOwnOthers(Device sender, Node receipt) {
    return devices.of(sender.address().lid()).stream()
        .map(Device::address)
        .filter(device -> !device.equals(sender.address()))
        .map(device -> new Delivery(device, ownReceipt(sender, receipt, "to")))
        .toList();
  }

  private Node ownReceipt(Device sender, Node receipt, String chat) {
    Node forwarded =
        Node.of("receipt", receipt.children("list"))
            .with("from", sender.address().jid())
            .with("id", receipt.requireText("id"))
            .with("type", receipt.requireText("type"))
            .with("t", clock.instant().getEpochSecond());
    return withChat(forwarded, receipt, chat);
  }

  /**
   * Between own devices the conversation is named: whom a receipt is from says nothing about it.
   */
  private Node withChat(Node forwarded, Node receipt, String attribute) {
    return forwarded.with(
        "recipient", receipt.jid(attribute).flatMap(accounts::find).map(Account::lidJid));
  }

  private static boolean isOwn(Device sender, Account account) {
    return account.lid().equals(sender.address().lid());
  }

  private List<Delivery> toAll(Device sender, Node receipt, Account recipient) {
    if (isOwn(sender, recipient)) {
      return List.of();
    }
    List<String> news =
        ids(receipt).stream().filter(id -> isNew(sender, receipt, recipient, id)).toList();
    if (news.isEmpty()) {
      return List.of();
    }
    Node forwarded =
        Node.of("receipt")
            .with("from", sender.address().jid().bare())
            .with("id", news.getFirst())
            .with("type", receipt.value("type"))
            .with("t", clock.instant().getEpochSecond());
    if (news.size() > 1) {
      forwarded =
          forwarded.with(
              Node.of(
                  "list",
                  news.stream().skip(1).map(id -> Node.of("item").with("id", id)).toList()));
    }
    Node stanza = forwarded;
    return devices.of(recipient.lid()).stream()
        .map(device -> new Delivery(device.address(), stanza))
        .toList();
  }

  private boolean isNew(Device sender, Node receipt, Account recipient, String id) {
    return database.update(
            "INSERT OR IGNORE INTO forwarded_receipts VALUES (?, ?, ?, ?, ?, ?)",
            sender.address().lid(),
            sender.address().device(),
            id,
            recipient.lid(),
            receipt.text("type").orElse(""),
            clock.instant().getEpochSecond())
        > 0;
  }
}
