package dev.heliograph.fleet;

import dev.heliograph.session.Epochs;
import java.util.Optional;

/** The epoch in which this worker holds a shard. */
final class HeldEpoch implements Epochs {
  private final int shard;
  private final String worker;
  private final FleetStorage fleet;
  private final ShardHolder holder;

  HeldEpoch(int shard, String worker, FleetStorage fleet, ShardHolder holder) {
    this.shard = shard;
    this.worker = worker;
    this.fleet = fleet;
    this.holder = holder;
  }

  @Override
  public long current() {
    return holder.epoch(shard);
  }

  @Override
  public Optional<Long> raiseAbove(long met) {
    ShardRow row = fleet.shard(shard);
    if (!row.owner().equals(Optional.of(worker))) {
      return Optional.empty();
    }
    if (row.epoch() >= met) {
      return Optional.of(row.epoch());
    }
    Optional<Long> raised = fleet.raiseEpoch(shard, worker, row.epoch(), met);
    raised.ifPresent(epoch -> holder.raised(shard, epoch));
    return raised;
  }
}
