package dev.heliograph.simulation;

import static dev.heliograph.simulation.Witness.check;

import com.google.protobuf.ByteString;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.auth.Credentials;
import dev.heliograph.whatsapp.message.RetryRequest;
import dev.heliograph.whatsapp.proto.Message;
import dev.heliograph.whatsapp.signal.CiphertextType;
import dev.heliograph.whatsapp.signal.Decryption;
import dev.heliograph.whatsapp.signal.Encrypted;
import dev.heliograph.whatsapp.signal.PreKeyBundle;
import dev.heliograph.whatsapp.signal.Records;
import dev.heliograph.whatsapp.signal.SignalSessions;
import dev.heliograph.whatsapp.stream.Iqs;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Somebody to write with, on a phone that never fails: it reads, asks again, and shows. */
final class SimPeer {
  static final Jid PN = Jid.pn("4915100000001");
  static final Jid LID = Jid.lid("2000");

  private static final int MOST_RETRIES = 5;

  /** As WhatsApp's apps: what is behind the last of them can be read as if it were new. */
  private static final int MOST_ARCHIVED_STATES = 40;

  private final Credentials credentials;
  private final InMemoryRecords records = new InMemoryRecords();
  private final SignalSessions sessions;
  private final Map<String, String> written = new LinkedHashMap<>();
  private final Set<String> shown = new HashSet<>();

  /** How often, since it last forgot its session: a first message can be read anew after that. */
  private final Map<String, Integer> times = new HashMap<>();

  private final Map<String, Integer> asked = new HashMap<>();

  SimPeer(RandomGenerator random) {
    this.credentials = Credentials.generate(random);
    this.sessions = new SignalSessions(credentials, records, random, MOST_ARCHIVED_STATES);
  }

  private static final class InMemoryRecords implements Records {
    private final Map<String, byte[]> records = new HashMap<>();

    @Override
    public byte @Nullable [] find(String name) {
      return records.get(name);
    }

    @Override
    public void put(String name, byte[] value) {
      records.put(name, value);
    }

    @Override
    public void remove(String name) {
      records.remove(name);
    }
  }

  Credentials credentials() {
    return credentials;
  }

  boolean hasSession(Jid device) {
    return sessions.hasSession(device);
  }

  void begin(Jid device, PreKeyBundle bundle) {
    sessions.process(device, bundle);
  }

  /** Forgets the session with a device, as after a restore. */
  void forget(Jid device) {
    sessions.forget(device);
    times.clear();
  }

  /** A new message: its id. */
  String write() {
    String id = "PEER" + (written.size() + 1);
    written.put(id, "to you " + id);
    return id;
  }

  int writtenSoFar() {
    return written.size();
  }

  /** The ciphertext of a message, a new one each time. */
  Node encrypt(String id, Jid device) {
    ByteString content =
        Message.newBuilder().setConversation(written.getOrDefault(id, "")).build().toByteString();
    return encrypt(content, device);
  }

  /** The ciphertext of any content. */
  Node encrypt(ByteString content, Jid device) {
    Encrypted encrypted = sessions.encrypt(device, content);
    return Node.of("enc")
        .with("v", "2")
        .with("type", encrypted.type().text())
        .with(encrypted.ciphertext());
  }

  /** As above, and what it wrote of its session is lost: the next ciphertext has the same step. */
  Node encryptAndForget(String id, Jid device) {
    Map<String, byte[]> before = Map.copyOf(records.records);
    Node enc = encrypt(id, device);
    records.records.putAll(before);
    return enc;
  }

  /** What a device asks for once more; empty if this has gone on for too long. */
  Optional<Node> answer(RetryRequest request) {
    if (request.count() > MOST_RETRIES || !written.containsKey(request.messageId())) {
      return Optional.empty();
    }
    request.keys().ifPresent(keys -> sessions.process(request.asker(), keys));
    return sessions.hasSession(request.asker())
        ? Optional.of(encrypt(request.messageId(), request.asker()).with("count", request.count()))
        : Optional.empty();
  }

  /** What came of a message from the instance. */
  enum Read {
    SHOWN,
    AGAIN,
    NOT
  }

  /** Reads a ciphertext. */
  Read read(String id, Jid from, Node enc) {
    CiphertextType type = CiphertextType.find(enc.requireAttr("type")).orElseThrow();
    return switch (sessions.decrypt(from, type, enc.requireBytes())) {
      case Decryption.Decrypted decrypted -> {
        show(id, decrypted.plaintext());
        yield Read.SHOWN;
      }
      case Decryption.Duplicate duplicate -> Read.AGAIN;
      case Decryption.Undecryptable failure -> Read.NOT;
    };
  }

  private void show(String id, ByteString plaintext) {
    shown.add(id);
    int again = times.merge(id, 1, Integer::sum);
    check(
        again <= 1 + asked.getOrDefault(id, 0),
        "a message was shown %d times: %s".formatted(again, id));
    check(
        SimWhatsApp.textOf(plaintext).equals("from me " + id),
        "a message that says something else");
  }

  boolean hasShown(String id) {
    return shown.contains(id);
  }

  /** A retry receipt for what could not be read; empty when it was asked for often enough. */
  Optional<Node> ask(String id, Jid device) {
    int count = asked.merge(id, 1, Integer::sum);
    if (count > MOST_RETRIES) {
      return Optional.empty();
    }
    Node receipt =
        Node.of("receipt")
            .with("id", id)
            .with("from", LID)
            .with("type", "retry")
            .with(
                Node.of("retry").with("count", count).with("id", id).with("t", 1).with("v", 1),
                Iqs.registration(credentials));
    return Optional.of(
        count < 2
            ? receipt
            : receipt.with(
                Node.of("keys")
                    .with(
                        Iqs.type(),
                        Iqs.identity(credentials),
                        Iqs.signedPreKey(credentials.signedPreKey()))));
  }
}
