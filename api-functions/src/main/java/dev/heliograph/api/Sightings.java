package dev.heliograph.api;

import dev.heliograph.fleet.Fleet;
import dev.heliograph.fleet.Seen;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.instance.StatusReason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What workers say of their instances, merged into their rows on read: an idle instance is seen on
 * each tick, and its row is not written for that.
 */
public final class Sightings {
  private static final int TICKS = 3;

  private final Fleet fleet;
  private final Duration lifetime;
  private final InstantSource clock;

  /**
   * Sightings of a fleet.
   *
   * @param tick how often a worker says what it sees
   */
  public Sightings(Fleet fleet, Duration tick, InstantSource clock) {
    this.fleet = fleet;
    this.lifetime = tick.multipliedBy(TICKS);
    this.clock = clock;
  }

  /** The instance as it is shown. */
  Instance of(Instance instance) {
    return wasEverConnected(instance) ? merged(instance, fleet.seen(instance.shard())) : instance;
  }

  /** The instances as they are shown; each shard is asked once. */
  List<Instance> of(List<Instance> instances) {
    Map<Integer, Optional<Seen>> shards = new HashMap<>();
    return instances.stream()
        .map(
            instance ->
                wasEverConnected(instance)
                    ? merged(instance, shards.computeIfAbsent(instance.shard(), fleet::seen))
                    : instance)
        .toList();
  }

  private static boolean wasEverConnected(Instance instance) {
    return instance.status() == InstanceStatus.CONNECTED || instance.lastSeenAt() != null;
  }

  private Instance merged(Instance instance, Optional<Seen> seen) {
    boolean isConnected = instance.status() == InstanceStatus.CONNECTED;
    // The session's own last word is from a worker too, and may be from before its first tick.
    Instant heard = later(instance.statusAt(), seen.map(Seen::at).orElse(null));
    boolean alone =
        isConnected && (heard == null || heard.plus(lifetime).isBefore(clock.instant()));
    Instance shown =
        alone ? instance.shownAs(InstanceStatus.DISCONNECTED, StatusReason.NO_WORKER) : instance;
    return seen.flatMap(sighting -> sighting.liveAt(instance.id(), isConnected))
        .map(at -> shown.seenAt(later(instance.lastSeenAt(), at)))
        .orElse(shown);
  }

  private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.isAfter(other) ? one : other;
  }
}
