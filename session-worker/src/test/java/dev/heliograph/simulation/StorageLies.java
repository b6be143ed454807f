package dev.heliograph.simulation;

import dev.heliograph.authstate.PairingId;
import dev.heliograph.authstate.StoredRecord;
import dev.heliograph.instance.StatusProjection;
import dev.heliograph.journal.Checkpoint;
import dev.heliograph.journal.Entry;
import dev.heliograph.journal.Fact;
import dev.heliograph.journal.JournalReading;
import dev.heliograph.message.InboundRow;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageProjection;
import dev.heliograph.simulation.InMemoryStorage.Kind;
import dev.heliograph.table.UnansweredException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;

/** The rules that storage keeps, or that are kept towards it, each one broken. */
final class StorageLies {
  /** How often something that is wrong at times is wrong. */
  private static final int EVERY = 3;

  private StorageLies() {}

  /** Rows of one kind are written over whatever is there. */
  static Lie noConditionOn(Kind careless) {
    return Lie.ofTables(
        () ->
            new InMemoryStorage() {
              @Override
              boolean replaces(Kind kind, long there, long offered) {
                return kind == careless || super.replaces(kind, there, offered);
              }
            });
  }

  /** What a removed record leaves is nothing. */
  static Lie noTombstones() {
    return Lie.ofTables(
        () ->
            new InMemoryStorage() {
              @Override
              public void put(PairingId pairing, String name, long seq, @Nullable SdkBytes sealed) {
                if (sealed == null) {
                  records(pairing).remove(name);
                } else {
                  super.put(pairing, name, seq, sealed);
                }
              }
            });
  }

  /** What an ended key leaves is nothing. */
  static Lie noTombstoneOfTheKey() {
    return Lie.ofTables(
        () ->
            new InMemoryStorage() {
              @Override
              public void wipe(PairingId pairing) {
                super.wipe(pairing);
                keys.remove(pairing);
              }
            });
  }

  /** Reads of records show at times what was there before. */
  static Lie inconsistentRecords() {
    return Lie.ofTables(
        () ->
            new InMemoryStorage() {
              private final Map<String, Optional<StoredRecord>> before = new HashMap<>();
              private int reads;

              @Override
              public void put(PairingId pairing, String name, long seq, @Nullable SdkBytes sealed) {
                before.put(pairing + name, super.record(pairing, name));
                super.put(pairing, name, seq, sealed);
              }

              @Override
              public Optional<StoredRecord> record(PairingId pairing, String name) {
                Optional<StoredRecord> now = super.record(pairing, name);
                return ++reads % EVERY == 0 ? before.getOrDefault(pairing + name, now) : now;
              }
            });
  }

  /** Reads of messages show at times what was there before. */
  static Lie inconsistentMessages() {
    return Lie.ofTables(
        () ->
            new InMemoryStorage() {
              private final Map<MessageId, Optional<Message>> before = new HashMap<>();
              private int reads;

              @Override
              public void project(MessageId message, long seq, MessageProjection projection) {
                before.put(message, super.message(message));
                super.project(message, seq, projection);
              }

              @Override
              public Optional<Message> message(MessageId message) {
                Optional<Message> now = super.message(message);
                return ++reads % EVERY == 0 ? before.getOrDefault(message, now) : now;
              }
            });
  }

  /** Whether a message was received is not known at once. */
  static Lie inconsistentReceived() {
    return Lie.ofAnswers(
        to ->
            new ForwardingStorage(to) {
              private int reads;

              @Override
              public boolean has(MessageId message) {
                return super.has(message) && ++reads % EVERY != 0;
              }
            });
  }

  /** An entry that is refused counts as written. */
  static Lie refusalIsIgnored() {
    return Lie.ofAnswers(
        to ->
            new ForwardingStorage(to) {
              @Override
              public Optional<Entry> put(Entry entry) {
                Optional<Entry> ignored = super.put(entry);
                return ignored.isPresent() ? Optional.empty() : ignored;
              }
            });
  }

  /** An entry of which nobody said whether it is in counts as written. */
  static Lie unknownCountsAsDone() {
    return Lie.ofAnswers(
        to ->
            new ForwardingStorage(to) {
              @Override
              public Optional<Entry> put(Entry entry) {
                try {
                  return super.put(entry);
                } catch (UnansweredException hoped) {
                  return Optional.empty();
                }
              }
            });
  }

  /** What is to be sent leaves before its entry is in. */
  static Lie entriesComeLater() {
    return new Lie(
        InMemoryStorage::new,
        (scheduler, storage, atOnce) ->
            new ForwardingStorage(storage) {
              @Override
              public Optional<Entry> put(Entry entry) {
                if (opens(entry)) {
                  return super.put(entry);
                }
                scheduler.after(Duration.ofMillis(400), () -> atOnce.put(entry));
                return Optional.empty();
              }
            });
  }

  private static boolean opens(Entry entry) {
    return JournalReading.facts(entry).stream().anyMatch(Fact.Opened.class::isInstance);
  }

  /** Whoever opens does not say so. */
  static Lie openedIsNotWritten() {
    return Lie.ofAnswers(
        to ->
            new ForwardingStorage(to) {
              @Override
              public Optional<Entry> put(Entry entry) {
                return opens(entry) ? Optional.empty() : super.put(entry);
              }
            });
  }

  /** Nobody reads in which epoch the journal is. */
  static Lie epochsAreIgnored() {
    return Lie.ofAnswers(
        to ->
            new ForwardingStorage(to) {
              @Override
              public List<Entry> readAfter(long seq) {
                return super.readAfter(seq).stream().map(StorageLies::withoutEpoch).toList();
              }

              @Override
              public Optional<Checkpoint> checkpoint() {
                return super.checkpoint()
                    .map(
                        found ->
                            new Checkpoint(
                                found.instance(), found.upto(), withoutEpoch(found.state())));
              }
            });
  }

  private static Entry withoutEpoch(Entry entry) {
    return new Entry(
        entry.instance(),
        entry.seq(),
        entry.id(),
        entry.customer(),
        entry.at(),
        entry.pairing(),
        entry.events(),
        withoutEpoch(entry.facts()),
        entry.sealed());
  }

  private static String withoutEpoch(String json) {
    return json.replaceAll("\"epoch\":[0-9]+", "\"epoch\":0");
  }

  /** The writes that are made until they are acknowledged. */
  enum Write {
    STATUS,
    MESSAGE,
    RECEIVED,
    RECORD,
    WIPE,
    KEY
  }

  /** Writes of one kind are not repeated when nobody said that they are done. */
  static Lie notRepeated(Write careless) {
    return Lie.ofAnswers(
        to ->
            new ForwardingStorage(to) {
              private void hope(Write kind, Runnable write) {
                try {
                  write.run();
                } catch (UnansweredException lost) {
                  if (!Objects.equals(kind, careless)) {
                    throw lost;
                  }
                }
              }

              @Override
              public void project(long seq, StatusProjection status) {
                hope(Write.STATUS, () -> super.project(seq, status));
              }

              @Override
              public void project(MessageId message, long seq, MessageProjection projection) {
                hope(Write.MESSAGE, () -> super.project(message, seq, projection));
              }

              @Override
              public void record(InboundRow row) {
                hope(Write.RECEIVED, () -> super.record(row));
              }

              @Override
              public void put(PairingId pairing, String name, long seq, @Nullable SdkBytes sealed) {
                hope(Write.RECORD, () -> super.put(pairing, name, seq, sealed));
              }

              @Override
              public void wipe(PairingId pairing) {
                hope(Write.WIPE, () -> super.wipe(pairing));
              }

              @Override
              public void begin(PairingId pairing, byte[] wrapped) {
                hope(Write.KEY, () -> super.begin(pairing, wrapped));
              }
            });
  }
}
