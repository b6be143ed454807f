package dev.heliograph.simulation;

import dev.heliograph.authstate.PairingId;
import dev.heliograph.authstate.StoredRecord;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.StatusProjection;
import dev.heliograph.journal.Checkpoint;
import dev.heliograph.journal.Entry;
import dev.heliograph.journal.SessionStorage;
import dev.heliograph.message.InboundRow;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageProjection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;

/** Another storage, but for what a subclass does otherwise. */
class ForwardingStorage implements SessionStorage {
  final SessionStorage to;

  ForwardingStorage(SessionStorage to) {
    this.to = to;
  }

  @Override
  public Optional<Entry> put(Entry entry) {
    return to.put(entry);
  }

  @Override
  public List<Entry> readAfter(long seq) {
    return to.readAfter(seq);
  }

  @Override
  public Optional<Entry> find(long seq) {
    return to.find(seq);
  }

  @Override
  public Optional<Checkpoint> checkpoint() {
    return to.checkpoint();
  }

  @Override
  public void put(Checkpoint checkpoint) {
    to.put(checkpoint);
  }

  @Override
  public Optional<StoredRecord> record(PairingId pairing, String name) {
    return to.record(pairing, name);
  }

  @Override
  public void put(PairingId pairing, String name, long seq, @Nullable SdkBytes sealed) {
    to.put(pairing, name, seq, sealed);
  }

  @Override
  public void begin(PairingId pairing, byte[] wrapped) {
    to.begin(pairing, wrapped);
  }

  @Override
  public Optional<byte[]> key(PairingId pairing) {
    return to.key(pairing);
  }

  @Override
  public void wipe(PairingId pairing) {
    to.wipe(pairing);
  }

  @Override
  public Optional<Instance> instance() {
    return to.instance();
  }

  @Override
  public void project(long seq, StatusProjection status) {
    to.project(seq, status);
  }

  @Override
  public void retire(long seq) {
    to.retire(seq);
  }

  @Override
  public Optional<Message> message(MessageId message) {
    return to.message(message);
  }

  @Override
  public void project(MessageId message, long seq, MessageProjection projection) {
    to.project(message, seq, projection);
  }

  @Override
  public void record(InboundRow row) {
    to.record(row);
  }

  @Override
  public boolean has(MessageId message) {
    return to.has(message);
  }
}
