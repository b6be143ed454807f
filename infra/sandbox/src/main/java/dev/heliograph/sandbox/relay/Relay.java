package dev.heliograph.sandbox.relay;

import dev.heliograph.sandbox.account.Account;
import dev.heliograph.sandbox.account.Accounts;
import dev.heliograph.sandbox.account.Counters;
import dev.heliograph.sandbox.account.Device;
import dev.heliograph.sandbox.account.DeviceAddress;
import dev.heliograph.sandbox.account.Devices;
import dev.heliograph.sandbox.account.PreKeys;
import dev.heliograph.sandbox.fault.Defects;
import dev.heliograph.sandbox.fault.Faults;
import dev.heliograph.sandbox.phone.Phones;
import dev.heliograph.sandbox.store.Database;
import dev.heliograph.sandbox.store.Turn;
import dev.heliograph.sandbox.wire.Jid;
import dev.heliograph.sandbox.wire.Node;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.UUID;

/**
 * Brings stanzas from one device to others: into the queues of companions, and straight into
 * phones.
 */
public final class Relay {
  private static final int LOW_PRE_KEYS = 5;

  private final Devices devices;
  private final PreKeys preKeys;
  private final Phones phones;
  private final Outbox outbox;
  private final MessageFanOut messages;
  private final ReceiptForwarding receipts;
  private final Contacts contacts;
  private final InstantSource clock;

  public Relay(
      Database database,
      Accounts accounts,
      Devices devices,
      PreKeys preKeys,
      Phones phones,
      Outbox outbox,
      Defects defects,
      Faults faults,
      Counters counters,
      InstantSource clock) {
    this.devices = devices;
    this.preKeys = preKeys;
    this.phones = phones;
    this.outbox = outbox;
    this.clock = clock;
    AcceptedMessages accepted = new AcceptedMessages(database);
    this.messages =
        new MessageFanOut(database, accounts, devices, defects, faults, accepted, clock);
    this.receipts = new ReceiptForwarding(database, accounts, devices, counters, accepted, clock);
    this.contacts = new Contacts(database);
  }

  /**
   * Takes a message in.
   *
   * @return the ack that its sender is owed
   */
  public Node accept(Turn turn, Device sender, Node message) {
    Acceptance acceptance = messages.accept(sender, message);
    Node ack =
        Node.of("ack")
            .with("id", message.requireText("id"))
            .with("class", "message")
            .with("from", message.requireJid("to"));
    return switch (acceptance) {
      case Acceptance.Refused refused ->
          ack.with("t", clock.instant().getEpochSecond()).with("error", refused.error());
      case Acceptance.Accepted accepted -> {
        deliver(turn, accepted.deliveries());
        Node dated = ack.with("t", accepted.timestamp());
        yield accepted.participantsHash().map(hash -> dated.with("phash", hash)).orElse(dated);
      }
    };
  }

  public void forward(Turn turn, Device sender, Node receipt) {
    deliver(turn, receipts.forward(sender, receipt));
  }

  /** All the message ids that a receipt names. */
  public static List<String> receiptIds(Node receipt) {
    return ReceiptForwarding.ids(receipt);
  }

  /** Delivers, and then what phones have to say to it, until all is quiet. */
  private void deliver(Turn turn, List<Delivery> deliveries) {
    Deque<Delivery> waiting = new ArrayDeque<>(deliveries);
    while (!waiting.isEmpty()) {
      Delivery next = waiting.removeFirst();
      if (next.to().isPhone()) {
        waiting.addAll(answers(next));
      } else {
        outbox.put(turn, next.to(), next.stanza());
      }
    }
  }

  private List<Delivery> answers(Delivery toPhone) {
    Device phone = devices.find(toPhone.to()).orElseThrow();
    List<Delivery> deliveries = new ArrayList<>();
    for (Node answer : phones.receive(toPhone.to(), toPhone.stanza())) {
      if (answer.is("receipt")) {
        deliveries.addAll(receipts.forward(phone, answer));
      } else if (messages.accept(phone, answer) instanceof Acceptance.Accepted accepted) {
        deliveries.addAll(accepted.deliveries());
      }
    }
    return deliveries;
  }

  /** Asks a companion for more one-time pre-keys, if it has few left and was not asked yet. */
  public void watchPreKeys(Turn turn, DeviceAddress device) {
    int left = preKeys.count(device);
    if (left < LOW_PRE_KEYS
        && !device.isPhone()
        && !outbox.holds(device, "notification", "encrypt")) {
      outbox.put(
          turn,
          device,
          notification("encrypt", Jid.SERVER).with(Node.of("count").with("value", left)));
    }
  }

  /** Tells the account's other companions and everybody who has written with it. */
  public void announceDevice(Turn turn, Account account, Device device, boolean added) {
    List<Jid> all =
        devices.of(account.lid()).stream()
            .map(each -> new Jid(account.msisdn(), each.address().device(), Jid.PHONE_NUMBERS))
            .toList();
    Node changed =
        Node.of("device")
            .with("jid", new Jid(account.msisdn(), device.address().device(), Jid.PHONE_NUMBERS))
            .with("lid", device.address().jid());
    if (added) {
      changed = changed.with("key-index", device.keyIndex());
    }
    Node change =
        Node.of(added ? "add" : "remove", changed)
            .with("device_hash", ParticipantsHash.of(all))
            .with(
                "device_lid_hash",
                ParticipantsHash.of(
                    devices.of(account.lid()).stream().map(each -> each.address().jid()).toList()));
    Node notification =
        notification("devices", account.pn()).with("lid", account.lidJid()).with(change);
    tellCompanions(turn, List.of(account.lid()), device.address(), accountSync(account, all));
    tellCompanions(turn, List.of(account.lid()), device.address(), notification);
    tellCompanions(turn, contacts.of(account.lid()), device.address(), notification);
  }

  private Node accountSync(Account account, List<Jid> all) {
    return notification("account_sync", account.pn())
        .with(
            Node.of("devices", all.stream().map(jid -> Node.of("device").with("jid", jid)).toList())
                .with("dhash", ParticipantsHash.of(all)));
  }

  private void tellCompanions(
      Turn turn, Collection<String> lids, DeviceAddress except, Node notification) {
    for (String lid : lids) {
      for (Device device : devices.of(lid)) {
        if (!device.address().isPhone() && !device.address().equals(except)) {
          outbox.put(turn, device.address(), notification);
        }
      }
    }
  }

  private Node notification(String type, Jid from) {
    return Node.of("notification")
        .with("from", from)
        .with("type", type)
        // Not of any client's ids: an answer is matched by id alone.
        .with("id", UUID.randomUUID().toString())
        .with("t", clock.instant().getEpochSecond());
  }

  /** Tells a contact that it is trusted, as a privacy token does. */
  public void giveToken(Turn turn, Account from, Account to, byte[] token) {
    Node notification =
        notification("privacy_token", from.pn())
            .with("sender_lid", from.lidJid())
            .with(
                Node.of(
                    "tokens",
                    Node.of("token", token)
                        .with("type", "trusted_contact")
                        .with("t", clock.instant().getEpochSecond())
                        .with("jid", to.lidJid())));
    tellCompanions(turn, List.of(to.lid()), to.phone(), notification);
  }
}
