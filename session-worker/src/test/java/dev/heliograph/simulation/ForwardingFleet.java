package dev.heliograph.simulation;

import dev.heliograph.fleet.FleetStorage;
import dev.heliograph.fleet.FleetView;
import dev.heliograph.fleet.Seen;
import dev.heliograph.fleet.ShardRow;
import dev.heliograph.instance.InstanceWish;
import dev.heliograph.message.QueuedMessage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Hands everything on. */
class ForwardingFleet implements FleetStorage {
  private final FleetStorage to;

  ForwardingFleet(FleetStorage to) {
    this.to = to;
  }

  @Override
  public FleetView read() {
    return to.read();
  }

  @Override
  public boolean beat(String worker, long beat, boolean leaving, Instant now) {
    return to.beat(worker, beat, leaving, now);
  }

  @Override
  public boolean kill(String worker, long beat) {
    return to.kill(worker, beat);
  }

  @Override
  public Optional<Long> take(ShardRow seen, String worker) {
    return to.take(seen, worker);
  }

  @Override
  public ShardRow shard(int shard) {
    return to.shard(shard);
  }

  @Override
  public Optional<Long> raiseEpoch(int shard, String worker, long mine, long met) {
    return to.raiseEpoch(shard, worker, mine, met);
  }

  @Override
  public void release(int shard, String worker) {
    to.release(shard, worker);
  }

  @Override
  public void see(int shard, Seen seen) {
    to.see(shard, seen);
  }

  @Override
  public Optional<Seen> seen(int shard) {
    return to.seen(shard);
  }

  @Override
  public List<InstanceWish> onShard(int shard) {
    return to.onShard(shard);
  }

  @Override
  public List<QueuedMessage> queued(int shard, Instant since) {
    return to.queued(shard, since);
  }
}
