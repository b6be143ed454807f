package dev.heliograph.simulation;

import dev.heliograph.authstate.PairingId;
import dev.heliograph.authstate.StoredRecord;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.StatusProjection;
import dev.heliograph.journal.Checkpoint;
import dev.heliograph.journal.Entry;
import dev.heliograph.journal.JournalReading;
import dev.heliograph.journal.SessionStorage;
import dev.heliograph.message.InboundRow;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageProjection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;

/**
 * The tables as one process meets them: over a network on which calls and answers get lost, come
 * late (after the caller's crash, a take-over, a wipe) or twice.
 */
final class UnreliableStorage implements SessionStorage {
  private final SessionStorage tables;
  private final UnreliableNetwork network;

  UnreliableStorage(SessionStorage tables, UnreliableNetwork network) {
    this.tables = tables;
    this.network = network;
  }

  @Override
  public Optional<Entry> put(Entry entry) {
    return network.call("puts " + JournalReading.describe(entry), () -> tables.put(entry));
  }

  @Override
  public List<Entry> readAfter(long seq) {
    return network.read(() -> tables.readAfter(seq));
  }

  @Override
  public Optional<Entry> find(long seq) {
    return network.read(() -> tables.find(seq));
  }

  @Override
  public Optional<Checkpoint> checkpoint() {
    return network.read(tables::checkpoint);
  }

  @Override
  public void put(Checkpoint checkpoint) {
    network.write("checkpoint " + checkpoint.upto(), () -> tables.put(checkpoint));
  }

  @Override
  public Optional<StoredRecord> record(PairingId pairing, String name) {
    return network.read(() -> tables.record(pairing, name));
  }

  @Override
  public void put(PairingId pairing, String name, long seq, @Nullable SdkBytes sealed) {
    String what = (sealed == null ? "tombstone " : "record ") + name + " of " + seq;
    network.write(what, () -> tables.put(pairing, name, seq, sealed));
  }

  @Override
  public void begin(PairingId pairing, byte[] wrapped) {
    network.write("key of " + pairing, () -> tables.begin(pairing, wrapped));
  }

  @Override
  public Optional<byte[]> key(PairingId pairing) {
    return network.read(() -> tables.key(pairing));
  }

  @Override
  public void wipe(PairingId pairing) {
    network.write("wipe of " + pairing, () -> tables.wipe(pairing));
  }

  @Override
  public Optional<Instance> instance() {
    return network.read(tables::instance);
  }

  @Override
  public void project(long seq, StatusProjection status) {
    network.write("status " + status.status() + " of " + seq, () -> tables.project(seq, status));
  }

  @Override
  public void retire(long seq) {
    network.write("retire of " + seq, () -> tables.retire(seq));
  }

  @Override
  public Optional<Message> message(MessageId message) {
    return network.read(() -> tables.message(message));
  }

  @Override
  public void project(MessageId message, long seq, MessageProjection projection) {
    network.write(
        "row " + message + " " + projection.status() + " of " + seq,
        () -> tables.project(message, seq, projection));
  }

  @Override
  public void record(InboundRow row) {
    network.write("row " + row.id() + " received of " + row.seq(), () -> tables.record(row));
  }

  @Override
  public boolean has(MessageId message) {
    return network.read(() -> tables.has(message));
  }
}
