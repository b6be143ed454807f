package dev.heliograph.sandbox.phone;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.heliograph.sandbox.account.Account;
import dev.heliograph.sandbox.account.Accounts;
import dev.heliograph.sandbox.account.Bundle;
import dev.heliograph.sandbox.account.Counters;
import dev.heliograph.sandbox.account.Counters.Counter;
import dev.heliograph.sandbox.account.Device;
import dev.heliograph.sandbox.account.DeviceAddress;
import dev.heliograph.sandbox.account.Devices;
import dev.heliograph.sandbox.account.PublicKey;
import dev.heliograph.sandbox.account.SignedPreKey;
import dev.heliograph.sandbox.crypto.Bytes;
import dev.heliograph.sandbox.phone.PhoneCipher.UndecryptableException;
import dev.heliograph.sandbox.proto.Message;
import dev.heliograph.sandbox.proto.MessageContextInfo;
import dev.heliograph.sandbox.store.Database;
import dev.heliograph.sandbox.wire.Jid;
import dev.heliograph.sandbox.wire.MalformedStanzaException;
import dev.heliograph.sandbox.wire.Node;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The phones: they never sleep, so what is delivered to one is read in the same turn, and its
 * ratchet, what it shows and what it answers become durable together. What they want to send they
 * return as stanzas, in the form that clients write.
 */
public final class Phones {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int MOST_RETRIES = 5;

  private final Accounts accounts;
  private final Devices devices;
  private final PhoneKeys keys;
  private final Counters counters;
  private final ShownMessages shown;
  private final SentMessages sent;
  private final PhoneCipher cipher;
  private final Database database;

  public Phones(
      Database database,
      Accounts accounts,
      Devices devices,
      PhoneKeys keys,
      Bundles bundles,
      Counters counters) {
    this.database = database;
    this.accounts = accounts;
    this.devices = devices;
    this.keys = keys;
    this.counters = counters;
    this.shown = new ShownMessages(database);
    this.sent = new SentMessages(database);
    this.cipher = new PhoneCipher(database, keys, bundles);
    database.execute(
        """
        CREATE TABLE IF NOT EXISTS phone_retries (
          lid TEXT NOT NULL,
          id TEXT NOT NULL,
          device TEXT NOT NULL,
          times INTEGER NOT NULL,
          PRIMARY KEY (lid, id, device)) WITHOUT ROWID
        """);
  }

  public ShownMessages shown() {
    return shown;
  }

  public SentMessages sent() {
    return sent;
  }

  public static String newMessageId() {
    byte[] random = new byte[9];
    RANDOM.nextBytes(random);
    return "3EB0" + HexFormat.of().withUpperCase().formatHex(random);
  }

  /** Encrypts a text for every device of the recipient and every companion of the sender. */
  public Node compose(Account from, Account to, String id, String text) {
    byte[] secret = new byte[32];
    RANDOM.nextBytes(secret);
    Message message =
        Message.newBuilder()
            .setConversation(text)
            .setMessageContextInfo(
                MessageContextInfo.newBuilder().setMessageSecret(ByteString.copyFrom(secret)))
            .build();
    sent.put(from.lid(), id, to.lid(), message);
    PhoneIdentity phone = keys.get(from.lid());
    List<Node> participants = new ArrayList<>();
    if (!to.equals(from)) {
      participants.addAll(encryptForAll(phone, devices.of(to.lid()), message));
    }
    participants.addAll(
        encryptForAll(phone, devices.of(from.lid()), deviceSent(to.lidJid(), message)));
    return Node.of("message")
        .with("id", id)
        .with("to", to.lidJid())
        .with("type", "text")
        .with(Node.of("participants", participants));
  }

  private List<Node> encryptForAll(PhoneIdentity phone, List<Device> recipients, Message message) {
    byte[] plaintext = message.toByteArray();
    List<Node> participants = new ArrayList<>();
    for (Device device : recipients) {
      boolean isItself = device.address().isPhone() && device.address().lid().equals(phone.lid());
      if (!isItself) {
        cipher
            .encrypt(phone, device.address(), plaintext)
            .ifPresent(
                enc -> participants.add(Node.of("to", enc).with("jid", device.address().jid())));
      }
    }
    return participants;
  }

  private static Message deviceSent(Jid chat, Message message) {
    return Message.newBuilder()
        .setDeviceSentMessage(
            Message.DeviceSentMessage.newBuilder()
                .setDestinationJid(chat.text())
                .setMessage(message))
        .setMessageContextInfo(message.getMessageContextInfo())
        .build();
  }

  /** Takes a stanza that was delivered to this phone. */
  public List<Node> receive(DeviceAddress phone, Node stanza) {
    return switch (stanza.tag()) {
      case "message" ->
          List.of(receiveMessage(phone, stanza)).stream().flatMap(Optional::stream).toList();
      case "receipt" -> receiveReceipt(phone, stanza).stream().toList();
      default -> List.of();
    };
  }

  private Optional<Node> receiveMessage(DeviceAddress phone, Node stanza) {
    DeviceAddress from = sender(stanza);
    String id = stanza.requireText("id");
    PhoneIdentity identity = keys.get(phone.lid());
    try {
      Node enc = stanza.requireChild("enc");
      Message message = Message.parseFrom(cipher.decrypt(identity, from, enc));
      show(phone, from, stanza, enc, message);
      return Optional.of(deliveryReceipt(phone, stanza));
    } catch (UndecryptableException | InvalidProtocolBufferException undecryptable) {
      if (shown.has(phone.lid(), id, from)) {
        counters.count(phone, Counter.DUPLICATE);
        return Optional.of(deliveryReceipt(phone, stanza));
      }
      counters.count(phone, Counter.UNDECRYPTABLE);
      return askAgain(identity, phone, from, stanza);
    }
  }

  private void show(
      DeviceAddress phone, DeviceAddress from, Node stanza, Node enc, Message message) {
    boolean isOwn = from.lid().equals(phone.lid());
    // Only the own account may say that this account said something.
    boolean isDeviceSent = isOwn && message.hasDeviceSentMessage();
    Message content = isDeviceSent ? message.getDeviceSentMessage().getMessage() : message;
    String chat =
        isDeviceSent ? stanza.jid("recipient").map(Jid::user).orElse(phone.lid()) : from.lid();
    counters.count(phone, Counter.DECRYPTED);
    shown.add(
        phone.lid(),
        new ShownMessage(
            stanza.requireText("id"),
            from,
            chat,
            text(content).orElse(null),
            isDeviceSent,
            stanza.has("category"),
            enc.text("count").map(Phones::number).orElse(0),
            stanza.text("t").map(Long::parseLong).orElseThrow()));
  }

  private static Optional<String> text(Message message) {
    if (message.hasEphemeralMessage()) {
      return text(message.getEphemeralMessage().getMessage());
    }
    if (message.hasConversation()) {
      return Optional.of(message.getConversation());
    }
    return message.hasExtendedTextMessage()
        ? Optional.of(message.getExtendedTextMessage().getText())
        : Optional.empty();
  }

  private static Node deliveryReceipt(DeviceAddress phone, Node stanza) {
    Jid from = stanza.requireJid("from");
    Node receipt = Node.of("receipt").with("id", stanza.requireText("id")).with("to", from);
    if (stanza.has("category")) {
      return receipt.with("type", "peer_msg");
    }
    return from.user().equals(phone.lid())
        ? receipt.with("type", "sender").with("recipient", stanza.jid("recipient"))
        : receipt;
  }

  private Optional<Node> askAgain(
      PhoneIdentity identity, DeviceAddress phone, DeviceAddress from, Node stanza) {
    String id = stanza.requireText("id");
    int count = countRetry(phone, id, from);
    if (count > MOST_RETRIES) {
      return Optional.empty();
    }
    Node receipt =
        Node.of("receipt")
            .with("id", id)
            .with("to", stanza.requireJid("from"))
            .with("type", "retry")
            .with("recipient", stanza.jid("recipient"))
            .with("category", stanza.value("category"))
            .with(
                Node.of("retry")
                    .with("count", count)
                    .with("id", id)
                    .with("t", stanza.requireText("t"))
                    .with("v", "1"))
            .with(Node.of("registration", Bytes.bigEndian(identity.registrationId(), 4)));
    return Optional.of(count == 1 ? receipt : receipt.with(keysNode(identity)));
  }

  private Node keysNode(PhoneIdentity phone) {
    var preKey = keys.fresh(phone.lid());
    return Node.of(
        "keys",
        Node.of("type", new byte[] {5}),
        Node.of("identity", phone.identity().publicKey()),
        Node.of(
            "key",
            Node.of("id", Bytes.bigEndian(preKey.id(), 3)),
            Node.of("value", preKey.publicKey().toEncodedPoint())),
        Node.of(
            "skey",
            Node.of("id", Bytes.bigEndian(phone.signedPreKey().id(), 3)),
            Node.of("value", phone.signedPreKey().publicKey().toEncodedPoint()),
            Node.of("signature", phone.signedPreKey().signature())));
  }

  /** How often this was asked for, this time included. */
  private int countRetry(DeviceAddress phone, String id, DeviceAddress other) {
    return database
        .find(
            """
            INSERT INTO phone_retries VALUES (?, ?, ?, 1)
            ON CONFLICT DO UPDATE SET times = times + 1 RETURNING times
            """,
            row -> row.getInt(1),
            phone.lid(),
            id,
            other.jid().text())
        .orElseThrow();
  }

  private Optional<Node> receiveReceipt(DeviceAddress phone, Node receipt) {
    String type = receipt.text("type").orElse("delivery");
    DeviceAddress from = sender(receipt);
    if (type.equals("retry")) {
      return sendAgain(phone, from, receipt);
    }
    long t = receipt.text("t").map(Long::parseLong).orElseThrow();
    List<String> ids = new ArrayList<>();
    ids.add(receipt.requireText("id"));
    receipt
        .child("list")
        .ifPresent(list -> list.children("item").forEach(item -> ids.add(item.requireText("id"))));
    ids.forEach(id -> sent.add(phone.lid(), new SentMessages.Receipt(id, from.lid(), type, t)));
    return Optional.empty();
  }

  private Optional<Node> sendAgain(DeviceAddress phone, DeviceAddress asker, Node receipt) {
    String id = receipt.requireText("id");
    Optional<SentMessages.Sent> message = sent.find(phone.lid(), id);
    int count =
        receipt.child("retry").flatMap(retry -> retry.text("count")).map(Phones::number).orElse(1);
    if (message.isEmpty() || count > MOST_RETRIES) {
      return Optional.empty();
    }
    PhoneIdentity identity = keys.get(phone.lid());
    renewSession(identity, asker, receipt, count);
    boolean isOwn = asker.lid().equals(phone.lid());
    Jid chat = Jid.lid(message.get().toLid());
    Message content = isOwn ? deviceSent(chat, message.get().message()) : message.get().message();
    return cipher
        .encrypt(identity, asker, content.toByteArray())
        .map(
            enc ->
                Node.of("message", enc.with("count", count))
                    .with("id", id)
                    .with("to", asker.jid())
                    .with("type", "text")
                    .with("recipient", isOwn ? Optional.of(chat) : Optional.<Jid>empty()));
  }

  private void renewSession(PhoneIdentity identity, DeviceAddress asker, Node receipt, int count) {
    Optional<Node> given = receipt.child("keys");
    if (given.isPresent()) {
      cipher.begin(identity, bundle(asker, receipt, given.get()));
    } else if (count > 1) {
      cipher.begin(identity, asker);
    }
  }

  private Bundle bundle(DeviceAddress asker, Node receipt, Node given) {
    Device known =
        devices.find(asker).orElseThrow(() -> new MalformedStanzaException("a retry of no device"));
    Device device =
        new Device(
            asker,
            Bytes.number(receipt.requireChild("registration").bytes(4)),
            ByteString.copyFrom(given.requireChild("identity").bytes(32)),
            readSignedPreKey(given.requireChild("skey")),
            known.noiseKey(),
            known.keyIndex(),
            known.signedIdentity(),
            known.name(),
            known.linkedAt());
    if (!device.signedPreKey().isSignedBy(device.identity())) {
      throw new MalformedStanzaException("a retry with a signed pre-key that nobody signed");
    }
    return new Bundle(device, given.child("key").map(Phones::readPreKey));
  }

  /** Reads {@code <key>}, or the key part of {@code <skey>}. */
  public static PublicKey readPreKey(Node key) {
    return new PublicKey(
        (int) Bytes.number(key.requireChild("id").bytes(3)),
        ByteString.copyFrom(key.requireChild("value").bytes(32)));
  }

  public static SignedPreKey readSignedPreKey(Node skey) {
    return new SignedPreKey(
        readPreKey(skey), ByteString.copyFrom(skey.requireChild("signature").bytes(64)));
  }

  /** Says that the phone's owner has read a message. */
  public Node readReceipt(ShownMessage message, long now) {
    return Node.of("receipt")
        .with("id", message.id())
        .with("to", message.from().jid().bare())
        .with("type", "read")
        .with("t", now);
  }

  /** A device that is no more leaves no session behind. */
  public void forget(DeviceAddress device) {
    cipher.forget(device);
  }

  private DeviceAddress sender(Node stanza) {
    Jid from = stanza.requireJid("from");
    return new DeviceAddress(
        accounts.find(from).orElseThrow(() -> new MalformedStanzaException("no sender")).lid(),
        from.device());
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException notANumber) {
      throw new MalformedStanzaException("not a number");
    }
  }
}
