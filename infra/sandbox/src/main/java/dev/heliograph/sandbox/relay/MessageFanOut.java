package dev.heliograph.sandbox.relay;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.heliograph.sandbox.account.Account;
import dev.heliograph.sandbox.account.Accounts;
import dev.heliograph.sandbox.account.Device;
import dev.heliograph.sandbox.account.DeviceAddress;
import dev.heliograph.sandbox.account.Devices;
import dev.heliograph.sandbox.crypto.Digest;
import dev.heliograph.sandbox.fault.Defect;
import dev.heliograph.sandbox.fault.Defects;
import dev.heliograph.sandbox.fault.Faults;
import dev.heliograph.sandbox.proto.ADVSignedDeviceIdentity;
import dev.heliograph.sandbox.relay.Acceptance.Accepted;
import dev.heliograph.sandbox.relay.Acceptance.Refused;
import dev.heliograph.sandbox.store.Database;
import dev.heliograph.sandbox.wire.Jid;
import dev.heliograph.sandbox.wire.MalformedStanzaException;
import dev.heliograph.sandbox.wire.Node;
import dev.heliograph.sandbox.wire.NodeEncoder;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns one message of a sender into one stanza for each device that it is meant for. */
final class MessageFanOut {
  private static final int NOT_FOUND = 404;
  private static final int MALFORMED = 479;

  private final Accounts accounts;
  private final Devices devices;
  private final Defects defects;
  private final Faults faults;
  private final InstantSource clock;
  private final AcceptedMessages accepted;
  private final RatchetAudit ratchets;

  MessageFanOut(
      Database database,
      Accounts accounts,
      Devices devices,
      Defects defects,
      Faults faults,
      AcceptedMessages accepted,
      InstantSource clock) {
    this.accounts = accounts;
    this.devices = devices;
    this.defects = defects;
    this.faults = faults;
    this.accepted = accepted;
    this.clock = clock;
    this.ratchets = new RatchetAudit(database, defects);
  }

  Acceptance accept(Device sender, Node message) {
    String id = message.requireText("id");
    Jid to = message.requireJid("to");
    Optional<Account> recipient = accounts.find(to);
    if (recipient.isEmpty()) {
      return new Refused(NOT_FOUND);
    }
    if (to.isPhoneNumber() && !message.text("category").equals(Optional.of("peer"))) {
      defects.record(sender.address(), Defect.ADDRESSED_TO_PHONE_NUMBER, id);
    }
    Optional<Node> single = message.child("enc");
    if (single.isPresent()) {
      return acceptSingle(
          sender, message, new DeviceAddress(recipient.get().lid(), to.device()), single.get());
    }
    return message
        .child("participants")
        .map(participants -> acceptForAll(sender, message, recipient.get(), participants))
        .orElseGet(() -> new Refused(MALFORMED));
  }

  /** A peer message, or the resend that one device has asked for. */
  private Acceptance acceptSingle(Device sender, Node message, DeviceAddress to, Node enc) {
    String id = message.requireText("id");
    long now = clock.instant().getEpochSecond();
    long timestamp =
        accepted
            .find(sender.address(), id)
            .map(AcceptedMessages.Earlier::timestamp)
            .orElseGet(
                () -> {
                  accepted.add(sender.address(), id, now, hash(message));
                  return now;
                });
    Map<DeviceAddress, Node> encrypted = new LinkedHashMap<>();
    encrypted.put(to, enc);
    return new Accepted(
        timestamp, Optional.empty(), deliveries(sender, message, encrypted, timestamp));
  }

  private Acceptance acceptForAll(
      Device sender, Node message, Account recipient, Node participants) {
    String id = message.requireText("id");
    ByteString hash = hash(message);
    Optional<AcceptedMessages.Earlier> earlier = accepted.find(sender.address(), id);
    if (earlier.isPresent() && earlier.get().differsFrom(hash)) {
      defects.record(sender.address(), Defect.REPLAY_DIFFERS, id);
    }
    long timestamp =
        earlier
            .map(AcceptedMessages.Earlier::timestamp)
            .orElseGet(() -> clock.instant().getEpochSecond());
    if (earlier.isEmpty()) {
      accepted.add(sender.address(), id, timestamp, hash);
    }
    Map<DeviceAddress, Node> encrypted = encrypted(participants);
    Set<DeviceAddress> expected = expected(sender, recipient);
    return new Accepted(
        timestamp,
        participantsHash(sender, id, encrypted.keySet(), expected),
        deliveries(sender, message, encrypted, timestamp));
  }

  private static ByteString hash(Node message) {
    return ByteString.copyFrom(Digest.sha256(NodeEncoder.encode(message)));
  }

  private Map<DeviceAddress, Node> encrypted(Node participants) {
    Map<DeviceAddress, Node> encrypted = new LinkedHashMap<>();
    for (Node to : participants.children("to")) {
      Jid jid = to.requireJid("jid");
      Account account =
          accounts.find(jid).orElseThrow(() -> new MalformedStanzaException("<to> names nobody"));
      encrypted.put(new DeviceAddress(account.lid(), jid.device()), to.requireChild("enc"));
    }
    return encrypted;
  }

  private Set<DeviceAddress> expected(Device sender, Account recipient) {
    Set<DeviceAddress> expected = new LinkedHashSet<>();
    devices.of(recipient.lid()).forEach(device -> expected.add(device.address()));
    devices.of(sender.address().lid()).forEach(device -> expected.add(device.address()));
    expected.remove(sender.address());
    return expected;
  }

  /** Notes every difference; the hash tells the sender that its lists are stale. */
  private Optional<String> participantsHash(
      Device sender, String id, Set<DeviceAddress> actual, Set<DeviceAddress> expected) {
    if (actual.equals(expected)) {
      return Optional.empty();
    }
    if (!actual.containsAll(expected)) {
      defects.record(sender.address(), Defect.DEVICE_LEFT_OUT, id);
    }
    for (DeviceAddress device : actual) {
      if (!expected.contains(device)) {
        boolean exists = devices.find(device).isPresent();
        defects.record(
            sender.address(), exists ? Defect.DEVICE_FOREIGN : Defect.DEVICE_UNKNOWN, id);
      }
    }
    List<Jid> all = new ArrayList<>(expected.stream().map(DeviceAddress::jid).toList());
    all.add(sender.address().jid());
    return Optional.of(ParticipantsHash.of(all));
  }

  private List<Delivery> deliveries(
      Device sender, Node message, Map<DeviceAddress, Node> encrypted, long timestamp) {
    String id = message.requireText("id");
    boolean isPreKeyMessage =
        encrypted.values().stream().anyMatch(enc -> enc.requireText("type").equals("pkmsg"));
    if (isPreKeyMessage && !sender.address().isPhone() && !vouchesFor(sender, message)) {
      defects.record(sender.address(), Defect.DEVICE_IDENTITY_WRONG, id);
    }
    Account author = accounts.get(sender.address().lid());
    List<Delivery> deliveries = new ArrayList<>();
    encrypted.forEach(
        (to, enc) -> {
          ratchets.look(sender.address(), to, id, enc, clock.instant().getEpochSecond());
          boolean isForIt = devices.find(to).isPresent() && !to.equals(sender.address());
          if (isForIt && isDue(sender, id, to, timestamp)) {
            deliveries.add(new Delivery(to, stanza(author, sender, to, message, enc, timestamp)));
          }
        });
    return deliveries;
  }

  private boolean isDue(Device sender, String id, DeviceAddress to, long timestamp) {
    boolean isFirst = accepted.give(sender.address(), id, to, timestamp);
    return isFirst || !faults.dedups(sender.address().lid());
  }

  /** Whether the identity beside a pkmsg is the one that this device was linked with. */
  private static boolean vouchesFor(Device sender, Node message) {
    try {
      byte[] given = message.child("device-identity").map(Node::bytes).orElse(new byte[0]);
      return ADVSignedDeviceIdentity.parseFrom(given)
          .equals(ADVSignedDeviceIdentity.parseFrom(sender.signedIdentity()));
    } catch (InvalidProtocolBufferException malformed) {
      return false;
    }
  }

  private Node stanza(
      Account author, Device sender, DeviceAddress to, Node message, Node enc, long timestamp) {
    Node stanza =
        Node.of("message")
            .with("from", sender.address().jid())
            .with("id", message.requireText("id"))
            .with("t", timestamp)
            .with("type", message.text("type").orElse("text"))
            .with("notify", author.pushName());
    for (String copied : List.of("edit", "category", "device_fanout")) {
      stanza = stanza.with(copied, message.value(copied));
    }
    stanza =
        to.lid().equals(author.lid())
            ? withChat(stanza, message)
            : stanza.with("sender_pn", author.pn());
    stanza = stanza.with(enc);
    if (enc.requireText("type").equals("pkmsg")) {
      stanza = stanza.with(message.children("device-identity"));
    }
    return stanza.with(message.children("meta")).with(message.children("reporting"));
  }

  /** Own devices cannot tell from the sender which conversation it is. */
  private Node withChat(Node stanza, Node message) {
    if (message.has("category")) {
      return stanza;
    }
    // In a resend, to is the device that asked.
    Jid chat = message.jid("recipient").orElseGet(() -> message.requireJid("to")).bare();
    Account peer =
        accounts
            .find(chat)
            .orElseThrow(() -> new MalformedStanzaException("a conversation with nobody"));
    return stanza.with("recipient", peer.lidJid()).with("peer_recipient_pn", peer.pn());
  }
}
