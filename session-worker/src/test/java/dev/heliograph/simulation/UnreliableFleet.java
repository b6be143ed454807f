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

/** The fleet's table as one worker meets it: over a network. */
final class UnreliableFleet implements FleetStorage {
  private final FleetStorage fleet;
  private final UnreliableNetwork network;

  UnreliableFleet(FleetStorage fleet, UnreliableNetwork network) {
    this.fleet = fleet;
    this.network = network;
  }

  @Override
  public FleetView read() {
    return network.read(fleet::read);
  }

  @Override
  public boolean beat(String worker, long beat, boolean leaving, Instant now) {
    return network.call("beat " + beat, () -> fleet.beat(worker, beat, leaving, now));
  }

  @Override
  public boolean kill(String worker, long beat) {
    return network.call("kill of " + worker, () -> fleet.kill(worker, beat));
  }

  @Override
  public Optional<Long> take(ShardRow seen, String worker) {
    return network.call("take of shard " + seen.shard(), () -> fleet.take(seen, worker));
  }

  @Override
  public ShardRow shard(int shard) {
    return network.read(() -> fleet.shard(shard));
  }

  @Override
  public Optional<Long> raiseEpoch(int shard, String worker, long mine, long met) {
    return network.call(
        "epoch of shard " + shard + " above " + met,
        () -> fleet.raiseEpoch(shard, worker, mine, met));
  }

  @Override
  public void release(int shard, String worker) {
    network.write("release of shard " + shard, () -> fleet.release(shard, worker));
  }

  @Override
  public void see(int shard, Seen seen) {
    network.write("seen on shard " + shard, () -> fleet.see(shard, seen));
  }

  @Override
  public Optional<Seen> seen(int shard) {
    return network.read(() -> fleet.seen(shard));
  }

  @Override
  public List<InstanceWish> onShard(int shard) {
    return network.read(() -> fleet.onShard(shard));
  }

  @Override
  public List<QueuedMessage> queued(int shard, Instant since) {
    return network.read(() -> fleet.queued(shard, since));
  }
}
