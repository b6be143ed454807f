package dev.heliograph.journal;

import dev.heliograph.authstate.PairingId;
import dev.heliograph.authstate.StoredRecord;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.StatusProjection;
import dev.heliograph.message.InboundRow;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageProjection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;

/**
 * What the session of one instance reads and writes. Each method is one attempt of one call; all
 * may throw {@link dev.heliograph.table.NotAcknowledgedException}, and all may be repeated. Reads
 * see what was written last.
 */
public interface SessionStorage {
  /**
   * Puts an entry at its place, if nothing is there.
   *
   * @return what is there instead; empty if it is in
   */
  Optional<Entry> put(Entry entry);

  /** The entries after a place, in order. */
  List<Entry> readAfter(long seq);

  /** The entry at a place. */
  Optional<Entry> find(long seq);

  Optional<Checkpoint> checkpoint();

  /** Replaces the checkpoint by a newer one; an older one is dropped. */
  void put(Checkpoint checkpoint);

  Optional<StoredRecord> record(PairingId pairing, String name);

  /**
   * Writes a record unless the same or a newer one is there.
   *
   * @param sealed null for the tombstone of a removed one
   */
  void put(PairingId pairing, String name, long seq, @Nullable SdkBytes sealed);

  /** Stores the wrapped key of a pairing that begins. */
  void begin(PairingId pairing, byte[] wrapped);

  /** The wrapped key; empty once the pairing has ended. */
  Optional<byte[]> key(PairingId pairing);

  /** Ends the key, then deletes the records. */
  void wipe(PairingId pairing);

  /** The instance's row: whose it is and what is wished. */
  Optional<Instance> instance();

  /** Writes the status unless the same or a newer one is there. */
  void project(long seq, StatusProjection status);

  /** Takes the row of a deleted instance off its shard. */
  void retire(long seq);

  Optional<Message> message(MessageId message);

  /** Moves an outbound message's row on, unless the same or a newer entry has. */
  void project(MessageId message, long seq, MessageProjection projection);

  /** Writes that a message was received. */
  void record(InboundRow row);

  /** Whether there is a row for this received message. */
  boolean has(MessageId message);
}
