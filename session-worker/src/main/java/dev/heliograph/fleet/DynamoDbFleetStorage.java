package dev.heliograph.fleet;

import dev.heliograph.instance.InstanceWish;
import dev.heliograph.instance.Instances;
import dev.heliograph.message.Messages;
import dev.heliograph.message.QueuedMessage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The tables themselves. */
record DynamoDbFleetStorage(Fleet fleet, Instances instances, Messages messages)
    implements FleetStorage {
  @Override
  public FleetView read() {
    return fleet.read();
  }

  @Override
  public boolean beat(String worker, long beat, boolean leaving, Instant now) {
    return fleet.beat(worker, beat, leaving, now);
  }

  @Override
  public boolean kill(String worker, long beat) {
    return fleet.kill(worker, beat);
  }

  @Override
  public Optional<Long> take(ShardRow seen, String worker) {
    return fleet.take(seen, worker);
  }

  @Override
  public ShardRow shard(int shard) {
    return fleet.shard(shard);
  }

  @Override
  public Optional<Long> raiseEpoch(int shard, String worker, long mine, long met) {
    return fleet.raiseEpoch(shard, worker, mine, met);
  }

  @Override
  public void release(int shard, String worker) {
    fleet.release(shard, worker);
  }

  @Override
  public void see(int shard, Seen seen) {
    fleet.see(shard, seen);
  }

  @Override
  public Optional<Seen> seen(int shard) {
    return fleet.seen(shard);
  }

  @Override
  public List<InstanceWish> onShard(int shard) {
    return instances.onShard(shard);
  }

  @Override
  public List<QueuedMessage> queued(int shard, Instant since) {
    return messages.queued(shard, since);
  }
}
