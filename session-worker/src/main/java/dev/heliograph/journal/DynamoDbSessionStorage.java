package dev.heliograph.journal;

import dev.heliograph.authstate.AuthState;
import dev.heliograph.authstate.PairingId;
import dev.heliograph.authstate.StoredRecord;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.Instances;
import dev.heliograph.instance.StatusProjection;
import dev.heliograph.message.InboundRow;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageProjection;
import dev.heliograph.message.Messages;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;

/**
 * One instance's part of the tables, with so many calls at a time as they can take. For one thread.
 */
public final class DynamoDbSessionStorage implements SessionStorage {
  private final InstanceId instance;
  private final Journal journal;
  private final AuthState authState;
  private final Instances instances;
  private final Messages messages;
  private final InstantSource clock;
  private final CallLimit calls;

  /** The last entry that was put, which may be put again. */
  private @Nullable String begun;

  /** Over these tables. */
  public DynamoDbSessionStorage(
      InstanceId instance,
      Journal journal,
      AuthState authState,
      Instances instances,
      Messages messages,
      InstantSource clock,
      CallLimit calls) {
    this.instance = instance;
    this.journal = journal;
    this.authState = authState;
    this.instances = instances;
    this.messages = messages;
    this.clock = clock;
    this.calls = calls;
  }

  @Override
  public Optional<Entry> put(Entry entry) {
    if (entry.id().equals(begun)) {
      return journal.put(entry); // at once: in a queue, what is in doubt would stay so
    }
    begun = entry.id();
    return calls.of(() -> journal.put(entry));
  }

  @Override
  public List<Entry> readAfter(long seq) {
    return calls.of(() -> journal.readAfter(instance, seq));
  }

  @Override
  public Optional<Entry> find(long seq) {
    return calls.of(() -> journal.find(instance, seq));
  }

  @Override
  public Optional<Checkpoint> checkpoint() {
    return calls.of(() -> journal.checkpoint(instance));
  }

  @Override
  public void put(Checkpoint checkpoint) {
    calls.run(() -> journal.put(checkpoint));
  }

  @Override
  public Optional<StoredRecord> record(PairingId pairing, String name) {
    return calls.of(() -> authState.find(AuthState.partition(instance, pairing), name));
  }

  @Override
  public void put(PairingId pairing, String name, long seq, @Nullable SdkBytes sealed) {
    calls.run(
        () ->
            authState.put(
                AuthState.partition(instance, pairing), name, seq, sealed, clock.instant()));
  }

  @Override
  public void begin(PairingId pairing, byte[] wrapped) {
    calls.run(() -> authState.begin(AuthState.partition(instance, pairing), wrapped));
  }

  @Override
  public Optional<byte[]> key(PairingId pairing) {
    return calls.of(() -> authState.key(AuthState.partition(instance, pairing)));
  }

  @Override
  public void wipe(PairingId pairing) {
    authState.wipe(AuthState.partition(instance, pairing)); // which is a call for each record
  }

  @Override
  public Optional<Instance> instance() {
    return calls.of(() -> instances.load(instance));
  }

  @Override
  public void project(long seq, StatusProjection status) {
    calls.run(() -> instances.project(instance, seq, status));
  }

  @Override
  public void retire(long seq) {
    calls.run(() -> instances.retire(instance, seq));
  }

  @Override
  public Optional<Message> message(MessageId message) {
    return calls.of(() -> messages.find(instance, message));
  }

  @Override
  public void project(MessageId message, long seq, MessageProjection projection) {
    calls.run(() -> messages.project(instance, message, seq, projection));
  }

  @Override
  public void record(InboundRow row) {
    calls.run(() -> messages.record(row));
  }

  @Override
  public boolean has(MessageId message) {
    return calls.of(() -> messages.has(instance, message));
  }
}
