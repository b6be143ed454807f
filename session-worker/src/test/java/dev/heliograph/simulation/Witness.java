package dev.heliograph.simulation;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import dev.heliograph.authstate.AuthState;
import dev.heliograph.authstate.DataKey;
import dev.heliograph.authstate.KeyWrapper;
import dev.heliograph.authstate.PairingId;
import dev.heliograph.authstate.StoredRecord;
import dev.heliograph.event.EventId;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.StatusProjection;
import dev.heliograph.journal.Checkpoint;
import dev.heliograph.journal.Entry;
import dev.heliograph.journal.Fact;
import dev.heliograph.journal.JournalReading;
import dev.heliograph.journal.SessionLog;
import dev.heliograph.journal.SessionState;
import dev.heliograph.journal.SessionStorage;
import dev.heliograph.journal.Step;
import dev.heliograph.json.Json;
import dev.heliograph.message.InboundRow;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageStatus;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sees every entry at the moment in which it gets into the journal, knows who put it, and holds
 * journal, rows and wire to what must be true at all times.
 */
final class Witness {
  /** From the time in an entry until it is in, with every pause that a process can make. */
  private static final Duration LONGEST_APPEND = Duration.ofSeconds(250);

  /** How far a clock is off that DynamoDB has put right. */
  private static final Duration CLOCK = Duration.ofSeconds(4);

  private final InstanceId instance;
  private final InMemoryStorage tables;
  private final KeyWrapper keys;
  private final SecureRandom random;
  private final SimClock clock;

  private final List<Entry> journal = new ArrayList<>();
  private final JournalReading reading = new JournalReading(this::key);
  private final Map<PairingId, DataKey> keysSeen = new HashMap<>();
  private final Set<PairingId> ended = new LinkedHashSet<>();

  private String owner = "";
  private long epoch;
  private final Map<String, Long> lastBy = new HashMap<>();
  private final Map<ByteString, Long> stanzas = new HashMap<>();

  private long upto;
  private final Map<Long, Set<String>> changed = new HashMap<>();

  private long sequence;
  private final Map<String, String> announced = new HashMap<>();
  private String pairedBy = "";
  private final Map<String, Long> retriesAsked = new HashMap<>();
  private final Map<MessageId, InboundRow> received = new LinkedHashMap<>();
  private final Map<MessageId, Settled> outbound = new LinkedHashMap<>();
  private final Set<MessageId> refused = new LinkedHashSet<>();

  private record Settled(MessageStatus status, boolean wasOnTheWay) {}

  Witness(
      InstanceId instance,
      InMemoryStorage tables,
      KeyWrapper keys,
      SecureRandom random,
      SimClock clock) {
    this.instance = instance;
    this.tables = tables;
    this.keys = keys;
    this.random = random;
    this.clock = clock;
  }

  /** The tables for one owner: what it writes goes to {@code to}, and is seen. */
  SessionStorage watching(String who, SessionStorage to) {
    return new ForwardingStorage(to) {
      @Override
      public Optional<Entry> put(Entry entry) {
        Optional<Entry> there = super.put(entry);
        if (there.isEmpty()) {
          isIn(who, entry);
        }
        return there;
      }

      @Override
      public void put(Checkpoint checkpoint) {
        super.put(checkpoint);
        stands(tables.checkpoint().orElseThrow());
      }
    };
  }

  /** What a checkpoint stands for must be in the rows and records, and no key be left. */
  private void stands(Checkpoint checkpoint) {
    check(checkpoint.upto() >= upto, "the checkpoint goes back");
    for (Entry entry : journal) {
      if (entry.seq() > upto && entry.seq() <= checkpoint.upto()) {
        JournalReading.facts(entry).forEach(fact -> isProjected(entry, fact));
        changed.getOrDefault(entry.seq(), Set.of()).forEach(record -> isStored(entry, record));
      }
    }
    upto = checkpoint.upto();
  }

  private void isProjected(Entry entry, Fact fact) {
    switch (fact) {
      case Fact.Paired paired -> isShown(entry);
      case Fact.StatusChanged status -> isShown(entry);
      case Fact.PairingEnded over ->
          check(tables.key(over.pairing()).isEmpty(), "a checkpoint passes a wipe");
      case Fact.Received in ->
          check(tables.received(in.message()).isPresent(), "a checkpoint passes a received row");
      case Fact.Noted in ->
          check(tables.received(in.message()).isPresent(), "a checkpoint passes a noted row");
      case Fact.Sending sending -> isShown(sending.message(), entry);
      case Fact.Sent sent -> isShown(sent.message(), entry);
      case Fact.Raised raised -> isShown(raised.message(), entry);
      case Fact.Failed failed -> isShown(failed.message(), entry);
      default -> {}
    }
  }

  private void isShown(Entry entry) {
    long seq = tables.instance().orElseThrow().seq();
    check(seq >= entry.seq(), "a checkpoint passes the status");
  }

  private void isShown(MessageId message, Entry entry) {
    long seq = tables.message(message).orElseThrow().seq();
    check(seq >= entry.seq(), "a checkpoint passes a message's row");
  }

  private void isStored(Entry entry, String record) {
    PairingId pairing = new PairingId(requireNonNull(entry.pairing()));
    if (!ended.contains(pairing)) {
      long seq = tables.record(pairing, record).map(StoredRecord::seq).orElse(0L);
      check(seq >= entry.seq(), "a checkpoint passes a record: " + record);
    }
  }

  private void isIn(String who, Entry entry) {
    check(
        entry.seq() == last() + 1, "an entry is in at %d, after %d".formatted(entry.seq(), last()));
    List<Fact> facts = JournalReading.facts(entry);
    for (Fact fact : facts) {
      if (fact instanceof Fact.Opened opened) {
        check(opened.epoch() >= epoch, "opened in an epoch that has passed");
        owner = who;
        epoch = opened.epoch();
      }
    }
    check(owner.equals(who), who + " has written after " + owner + " has opened");
    lastBy.put(who, entry.seq());
    journal.add(entry);

    Instant now = clock.now();
    check(
        entry.at().isAfter(now.minus(LONGEST_APPEND)) && entry.at().isBefore(now.plus(CLOCK)),
        "an entry says that it is from " + entry.at());

    JournalReading.Sealed sealed = reading.read(entry);
    changed.put(entry.seq(), sealed.records().keySet());
    sealed.stanzas().forEach(stanza -> stanzas.putIfAbsent(stanza, entry.seq()));
    facts.forEach(fact -> note(entry, fact));
    for (int i = 0; i < entry.events().size(); i++) {
      note(EventId.of(instance, entry.seq(), i), Json.read(entry.events().get(i)));
    }
    reading
        .state()
        .pairing()
        .ifPresent(live -> check(tables.key(live).isPresent(), "a pairing without its key"));
  }

  private void note(Entry entry, Fact fact) {
    switch (fact) {
      case Fact.PairingEnded over -> ended.add(over.pairing());
      case Fact.Paired paired -> pairedBy = owner;
      case Fact.RetryAsked retry ->
          retriesAsked.putIfAbsent(retry.message() + " " + retry.count(), entry.seq());
      case Fact.Received in ->
          receive(entry, in.message(), EventId.of(instance, entry.seq(), in.event()));
      case Fact.Noted in -> receive(entry, in.message(), null);
      case Fact.Refused refusal -> refused.add(refusal.message());
      case Fact.Sending sending -> {
        check(
            tables
                .message(sending.message())
                .filter(row -> reading.state().pairing().equals(Optional.of(row.pairing())))
                .isPresent(),
            "sent under another pairing than it was accepted for: " + sending.message());
        if (!refused.remove(sending.message())) {
          move(sending.message(), MessageStatus.SENDING);
        }
      }
      case Fact.Sent sent -> move(sent.message(), MessageStatus.SENT);
      case Fact.Raised raised -> move(raised.message(), raised.to());
      case Fact.Failed failed -> {
        move(failed.message(), MessageStatus.FAILED);
        isInTime(failed);
      }
      default -> {}
    }
  }

  private void receive(Entry entry, MessageId message, @Nullable EventId event) {
    InboundRow row = new InboundRow(instance, message, entry.seq(), event, entry.at());
    check(received.put(message, row) == null, "a message was received twice: " + message);
  }

  private void isInTime(Fact.Failed failed) {
    if (failed.error().equals("deadline_exceeded")) {
      Instant deadline = tables.message(failed.message()).orElseThrow().deadline();
      check(
          deadline.isBefore(clock.now().plus(CLOCK)),
          "a message was given up before its deadline: " + failed.message());
    }
  }

  private void move(MessageId message, MessageStatus to) {
    Settled before = outbound.getOrDefault(message, new Settled(MessageStatus.QUEUED, false));
    boolean wasUnknown = before.status() == MessageStatus.FAILED && before.wasOnTheWay();
    boolean isLegal =
        before.status().mayRaiseTo(to)
            || (wasUnknown && MessageStatus.SENDING.mayRaiseTo(to) && to != MessageStatus.FAILED);
    check(isLegal, "message %s: from %s to %s".formatted(message, before.status(), to));
    outbound.put(message, new Settled(to, before.wasOnTheWay() || to == MessageStatus.SENDING));
  }

  private void note(EventId id, JsonNode event) {
    check(event.get("sequence").asLong() == ++sequence, "the events' numbers have a gap");
    check(event.get("id").asText().equals(id.value()), "an event with another id than its place");
    JsonNode message = event.get("data").get("message_id");
    if (message != null) {
      String what = event.get("type").asText() + " of " + message.asText();
      check(announced.put(what, id.value()) == null, "told twice: " + what);
    }
  }

  private Optional<DataKey> key(PairingId pairing) {
    tables
        .key(pairing)
        .map(wrapped -> keys.unwrap(AuthState.partition(instance, pairing), wrapped))
        .ifPresent(key -> keysSeen.putIfAbsent(pairing, new DataKey(key, random)));
    return Optional.ofNullable(keysSeen.get(pairing));
  }

  private long last() {
    return journal.isEmpty() ? 0 : journal.getLast().seq();
  }

  /** The last entry of an owner. */
  long lastBy(String who) {
    return lastBy.getOrDefault(who, 0L);
  }

  /** Called when somebody hands a stanza of a message to the socket. */
  void sees(String who, byte[] stanza) {
    Long entry = stanzas.get(ByteString.copyFrom(stanza));
    check(entry != null, who + " has sent what is in no entry");
    check(
        requireNonNull(entry) <= lastBy(who),
        who + " has sent what is in an entry that it cannot know");
  }

  /** Called when somebody tells WhatsApp that it has this message. */
  void seesAck(String who, MessageId message) {
    InboundRow row = received.get(message);
    check(
        row != null && row.seq() <= lastBy(who),
        who + " has acknowledged what it has no entry for");
  }

  /** Called when somebody asks for a message again. */
  void seesRetry(String who, MessageId message, int count) {
    Long entry = retriesAsked.get(message + " " + count);
    check(entry != null && entry <= lastBy(who), who + " asks again and has no entry that says so");
  }

  /** Called when somebody has taken a receipt for a message of ours. */
  void seesReceiptAcked(String who, MessageId message, MessageStatus told) {
    Settled settled = outbound.get(message);
    if (settled == null || !settled.wasOnTheWay()) {
      return; // of a pairing long ago, or never ours
    }
    check(
        !settled.status().mayRaiseTo(told) && settled.status() != MessageStatus.SENDING,
        who + " has acknowledged a receipt that is in no entry");
  }

  /** Called when somebody tells WhatsApp that it has kept the credentials. */
  void seesPaired(String who) {
    check(
        pairedBy.equals(who) && reading.state().pairing().isPresent(),
        who + " confirms a pairing that is in no entry");
  }

  /** Whether what an owner remembers is what the journal says, if the last entry is its own. */
  void compare(String who, SessionState memory) {
    if (lastBy(who) == last()) {
      check(
          JournalReading.json(memory).equals(JournalReading.json(reading.state())),
          who + " remembers something else");
    }
  }

  /** What was read so far. */
  JournalReading reading() {
    return reading;
  }

  List<Entry> journal() {
    return journal;
  }

  Set<MessageId> received() {
    return received.keySet();
  }

  /** The outcome of a message that was sent, or is being sent. */
  Optional<MessageStatus> outcome(MessageId message) {
    return Optional.ofNullable(outbound.get(message)).map(Settled::status);
  }

  /** Whether an event has told that a message came so far. */
  boolean wasTold(MessageId message, MessageStatus status) {
    return announced.containsKey("message." + status.wire() + " of " + message);
  }

  /** Holds the rows to the journal, once everybody is quiet. */
  void checkRows() {
    checkStatus();
    received.forEach(
        (message, row) ->
            check(
                tables.received(message).filter(row::equals).isPresent(),
                "no row of a message that was received, or another one"));
    outbound.forEach(
        (message, settled) ->
            check(
                tables
                    .message(message)
                    .map(Message::status)
                    .filter(settled.status()::equals)
                    .isPresent(),
                "a row is not what the journal says: " + message + " " + settled));
    ended.forEach(pairing -> check(tables.key(pairing).isEmpty(), "a key outlives its pairing"));
  }

  private void checkStatus() {
    Instance row = tables.instance().orElseThrow();
    StatusProjection shown =
        new StatusProjection(
            row.status(),
            row.statusReason(),
            row.phoneNumber(),
            row.lid(),
            row.pairing(),
            row.usedWish(),
            row.qr(),
            row.lastSeenAt(),
            row.updatedAt());
    StatusProjection expected = reading.projection();
    check(
        new HashSet<>(facets(shown)).equals(new HashSet<>(facets(expected))),
        "the instance's row is not what the journal says: " + shown + ", not " + expected);
  }

  private static List<String> facets(StatusProjection status) {
    return List.of(
        "status " + status.status(),
        "reason " + status.reason(),
        "phone " + status.phoneNumber(),
        "pairing " + status.pairing(),
        "qr " + status.qr(),
        "wish " + status.usedWish());
  }

  /** What an owner that opens it last would remember, and every record that it would load. */
  void checkMemory(String who, SessionLog log, long epoch) {
    try {
      log.open(who, epoch, 0);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    compare(who, log.state());
    Step step = log.begin();
    Map<String, ByteString> expected = reading.records();
    expected.forEach((name, value) -> check(is(step, name, value), "another record: " + name));
    log.state()
        .pairing()
        .ifPresent(
            live -> {
              for (String name : tables.records(live).keySet()) {
                check(
                    expected.containsKey(name) || step.find(name) == null,
                    "a record that was removed is back: " + name);
              }
            });
  }

  private static boolean is(Step step, String name, ByteString value) {
    byte @Nullable [] found = step.find(name);
    return found != null && ByteString.copyFrom(found).equals(value);
  }

  static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
