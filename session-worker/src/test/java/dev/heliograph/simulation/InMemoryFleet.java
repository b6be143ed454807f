package dev.heliograph.simulation;

import dev.heliograph.fleet.FleetStorage;
import dev.heliograph.fleet.FleetView;
import dev.heliograph.fleet.Seen;
import dev.heliograph.fleet.ShardRow;
import dev.heliograph.fleet.WorkerRow;
import dev.heliograph.instance.InstanceWish;
import dev.heliograph.message.QueuedMessage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The fleet's table as it is: the same conditions, no faults. Nothing is on any shard. */
class InMemoryFleet implements FleetStorage {
  private final Map<String, WorkerRow> workers = new TreeMap<>();
  private final Map<Integer, ShardRow> shards = new TreeMap<>();
  private final Map<Integer, Seen> sights = new TreeMap<>();

  /** Somebody has dropped the table and made it anew. */
  void lose() {
    workers.clear();
    shards.clear();
    sights.clear();
  }

  @Override
  public FleetView read() {
    return new FleetView(new ArrayList<>(workers.values()), new ArrayList<>(shards.values()));
  }

  @Override
  public boolean beat(String worker, long beat, boolean leaving, Instant now) {
    WorkerRow row = workers.get(worker);
    if (row != null && row.dead()) {
      return false;
    }
    boolean isLeaving = leaving || (row != null && row.leaving());
    workers.put(worker, new WorkerRow(worker, beat, isLeaving, false));
    return true;
  }

  @Override
  public boolean kill(String worker, long beat) {
    WorkerRow row = workers.get(worker);
    if (row == null || row.beat() != beat) {
      return false;
    }
    workers.put(worker, new WorkerRow(worker, beat, row.leaving(), true));
    return true;
  }

  @Override
  public Optional<Long> take(ShardRow seen, String worker) {
    ShardRow row = shard(seen.shard());
    if (!row.owner().equals(seen.owner())) {
      return Optional.empty();
    }
    ShardRow taken = new ShardRow(row.shard(), Optional.of(worker), row.epoch() + 1);
    shards.put(row.shard(), taken);
    return Optional.of(taken.epoch());
  }

  @Override
  public ShardRow shard(int shard) {
    return shards.getOrDefault(shard, new ShardRow(shard, Optional.empty(), 0));
  }

  @Override
  public Optional<Long> raiseEpoch(int shard, String worker, long mine, long met) {
    ShardRow row = shard(shard);
    if (!row.owner().equals(Optional.of(worker)) || row.epoch() != mine) {
      return Optional.empty();
    }
    shards.put(shard, new ShardRow(shard, row.owner(), met + 1));
    return Optional.of(met + 1);
  }

  @Override
  public void release(int shard, String worker) {
    ShardRow row = shard(shard);
    if (row.owner().equals(Optional.of(worker))) {
      shards.put(shard, new ShardRow(shard, Optional.empty(), row.epoch()));
    }
  }

  @Override
  public void see(int shard, Seen seen) {
    sights.put(shard, seen);
  }

  @Override
  public Optional<Seen> seen(int shard) {
    return Optional.ofNullable(sights.get(shard));
  }

  @Override
  public List<InstanceWish> onShard(int shard) {
    return List.of();
  }

  @Override
  public List<QueuedMessage> queued(int shard, Instant since) {
    return List.of();
  }
}
