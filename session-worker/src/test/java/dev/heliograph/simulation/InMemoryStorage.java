package dev.heliograph.simulation;

import dev.heliograph.authstate.PairingId;
import dev.heliograph.authstate.StoredRecord;
import dev.heliograph.instance.Desired;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.StatusProjection;
import dev.heliograph.journal.Checkpoint;
import dev.heliograph.journal.Entry;
import dev.heliograph.journal.SessionStorage;
import dev.heliograph.message.InboundRow;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageProjection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;

/**
 * The tables as they are for one instance: the same conditions, no faults. Held by the same test as
 * DynamoDB.
 */
class InMemoryStorage implements SessionStorage {
  /** What is written on condition that nothing newer is there. */
  enum Kind {
    ENTRY,
    CHECKPOINT,
    RECORD,
    STATUS,
    MESSAGE,
    RECEIVED
  }

  /** Whether what stands for one entry gives way to what stands for another one. */
  boolean replaces(Kind kind, long there, long offered) {
    return kind != Kind.ENTRY && there < offered;
  }

  private final TreeMap<Long, Entry> entries = new TreeMap<>();
  private @Nullable Checkpoint checkpoint;
  private final Map<PairingId, Map<String, StoredRecord>> records = new LinkedHashMap<>();
  final Map<PairingId, Optional<byte[]>> keys = new LinkedHashMap<>();
  private @Nullable Instance instance;
  private final Map<MessageId, Message> messages = new LinkedHashMap<>();
  private final Map<MessageId, InboundRow> received = new HashMap<>();

  /** Puts the row of the instance, as the API does. */
  void create(Instance created) {
    instance = created;
  }

  /** Sets what is wished, under a new number, as the API does. */
  void wish(Desired desired, Instant now) {
    Instance row = instance;
    if (row != null && row.deletedAt() == null) {
      instance =
          new Instance(
              row.id(),
              row.customer(),
              row.name(),
              row.metadata(),
              row.shard(),
              desired,
              row.wish() + 1,
              row.usedWish(),
              row.status(),
              row.statusReason(),
              row.phoneNumber(),
              row.lid(),
              row.pairing(),
              row.qr(),
              row.lastSeenAt(),
              row.statusAt(),
              row.createdAt(),
              now,
              desired == Desired.DELETED ? now : null,
              row.seq());
    }
  }

  /** Puts a row that waits to be sent, as the API does. */
  void accept(Message message) {
    messages.putIfAbsent(message.id(), message);
  }

  @Override
  public Optional<Entry> put(Entry entry) {
    Entry there = entries.get(entry.seq());
    if (there == null || replaces(Kind.ENTRY, there.seq(), entry.seq())) {
      entries.put(entry.seq(), entry);
      return Optional.empty();
    }
    return Optional.of(there);
  }

  @Override
  public List<Entry> readAfter(long seq) {
    return List.copyOf(entries.tailMap(seq, false).values());
  }

  @Override
  public Optional<Entry> find(long seq) {
    return Optional.ofNullable(entries.get(seq));
  }

  /** Lets an entry expire. */
  void expire(long seq) {
    entries.remove(seq);
  }

  @Override
  public Optional<Checkpoint> checkpoint() {
    return Optional.ofNullable(checkpoint);
  }

  @Override
  public void put(Checkpoint newer) {
    if (checkpoint == null || replaces(Kind.CHECKPOINT, checkpoint.upto(), newer.upto())) {
      checkpoint = newer;
    }
  }

  @Override
  public Optional<StoredRecord> record(PairingId pairing, String name) {
    return Optional.ofNullable(records(pairing).get(name));
  }

  /** The partition of a pairing. */
  Map<String, StoredRecord> records(PairingId pairing) {
    return records.computeIfAbsent(pairing, absent -> new LinkedHashMap<>());
  }

  @Override
  public void put(PairingId pairing, String name, long seq, @Nullable SdkBytes sealed) {
    records(pairing)
        .merge(
            name,
            new StoredRecord(seq, sealed),
            (there, newer) -> replaces(Kind.RECORD, there.seq(), seq) ? newer : there);
  }

  @Override
  public void begin(PairingId pairing, byte[] wrapped) {
    keys.putIfAbsent(pairing, Optional.of(wrapped.clone()));
  }

  @Override
  public Optional<byte[]> key(PairingId pairing) {
    return keys.getOrDefault(pairing, Optional.empty());
  }

  @Override
  public void wipe(PairingId pairing) {
    keys.put(pairing, Optional.empty());
    records.remove(pairing);
  }

  @Override
  public Optional<Instance> instance() {
    return Optional.ofNullable(instance);
  }

  @Override
  public void project(long seq, StatusProjection status) {
    Instance row = instance;
    if (row != null && replaces(Kind.STATUS, row.seq(), seq)) {
      instance = shown(row, row.shard(), status, seq);
    }
  }

  @Override
  public void retire(long seq) {
    Instance row = instance;
    if (row != null && row.seq() <= seq) {
      instance = shown(row, Instance.RETIRED, withoutQr(row), seq);
    }
  }

  private static Instance shown(Instance row, int shard, StatusProjection status, long seq) {
    return new Instance(
        row.id(),
        row.customer(),
        row.name(),
        row.metadata(),
        shard,
        row.desired(),
        row.wish(),
        status.usedWish(),
        status.status(),
        status.reason(),
        status.phoneNumber(),
        status.lid(),
        status.pairing(),
        status.qr(),
        status.lastSeenAt(),
        status.at(),
        row.createdAt(),
        later(status.at(), row.updatedAt()),
        row.deletedAt(),
        seq);
  }

  private static StatusProjection withoutQr(Instance row) {
    Instant at = row.statusAt();
    return new StatusProjection(
        row.status(),
        row.statusReason(),
        row.phoneNumber(),
        row.lid(),
        row.pairing(),
        row.usedWish(),
        null,
        row.lastSeenAt(),
        at == null ? row.updatedAt() : at);
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  @Override
  public Optional<Message> message(MessageId message) {
    return Optional.ofNullable(messages.get(message));
  }

  /** All outbound rows. */
  List<Message> messages() {
    return new ArrayList<>(messages.values());
  }

  @Override
  public void project(MessageId message, long seq, MessageProjection projection) {
    messages.computeIfPresent(
        message,
        (id, row) -> replaces(Kind.MESSAGE, row.seq(), seq) ? moved(row, seq, projection) : row);
  }

  private static Message moved(Message row, long seq, MessageProjection to) {
    return new Message(
        row.instance(),
        row.id(),
        row.customer(),
        row.shard(),
        row.pairing(),
        row.whatsappId(),
        row.to(),
        row.body(),
        row.clientRef(),
        row.acceptedAt(),
        row.deadline(),
        to.status(),
        to.error(),
        to.sentAt() == null ? row.sentAt() : to.sentAt(),
        to.deliveredAt() == null ? row.deliveredAt() : to.deliveredAt(),
        to.readAt() == null ? row.readAt() : to.readAt(),
        seq);
  }

  @Override
  public void record(InboundRow row) {
    received.merge(
        row.id(),
        row,
        (there, newer) -> replaces(Kind.RECEIVED, there.seq(), newer.seq()) ? newer : there);
  }

  /** The row of a received message. */
  Optional<InboundRow> received(MessageId message) {
    return Optional.ofNullable(received.get(message));
  }

  @Override
  public boolean has(MessageId message) {
    return messages.containsKey(message) || received.containsKey(message);
  }
}
