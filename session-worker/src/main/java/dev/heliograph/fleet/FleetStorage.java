package dev.heliograph.fleet;

import dev.heliograph.instance.InstanceWish;
import dev.heliograph.message.QueuedMessage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a worker reads and writes beside its sessions: who holds which shard, and what is to be done
 * there. Each method is one attempt, and may throw {@link
 * dev.heliograph.table.NotAcknowledgedException}.
 */
public interface FleetStorage {
  /** See {@link Fleet#read}. */
  FleetView read();

  /** See {@link Fleet#beat}. */
  boolean beat(String worker, long beat, boolean leaving, Instant now);

  /** See {@link Fleet#kill}. */
  boolean kill(String worker, long beat);

  /** See {@link Fleet#take}. */
  Optional<Long> take(ShardRow seen, String worker);

  /** See {@link Fleet#shard}. */
  ShardRow shard(int shard);

  /** See {@link Fleet#raiseEpoch}. */
  Optional<Long> raiseEpoch(int shard, String worker, long mine, long met);

  /** See {@link Fleet#release}. */
  void release(int shard, String worker);

  /** See {@link Fleet#see}. */
  void see(int shard, Seen seen);

  /** See {@link Fleet#seen}. */
  Optional<Seen> seen(int shard);

  /** What is wished of the instances of a shard, as the index has it: late at times. */
  List<InstanceWish> onShard(int shard);

  /**
   * The messages of a shard that wait to be sent and were accepted at or after {@code since}, as
   * the index has it: late at times.
   */
  List<QueuedMessage> queued(int shard, Instant since);
}
