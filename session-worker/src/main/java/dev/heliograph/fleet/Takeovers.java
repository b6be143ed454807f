package dev.heliograph.fleet;

import dev.heliograph.instance.InstanceId;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * How long numbers were without a worker that holds their sessions, as far as this one can know:
 * from the moment at which it took a shard until each session that its journal calls connected is
 * logged in again. Only the first time counts after each take.
 */
final class Takeovers {
  private final LongSupplier nanos;
  private final Map<Integer, Take> takes = new HashMap<>();

  private record Take(long at, Set<InstanceId> known, Set<InstanceId> awaited) {}

  Takeovers(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** The shard is ours from now. */
  synchronized void taken(int shard) {
    takes.put(shard, new Take(nanos.getAsLong(), new HashSet<>(), new HashSet<>()));
  }

  /** The shard is ours no longer. */
  synchronized void gone(int shard) {
    takes.remove(shard);
  }

  /** A session has read its journal. */
  synchronized void opened(int shard, InstanceId instance, boolean wasConnected) {
    Take take = takes.get(shard);
    if (take != null && take.known().add(instance) && wasConnected) {
      take.awaited().add(instance);
    }
  }

  /** A session is logged in: how long that took, if it ends a take-over. */
  synchronized Optional<Duration> loggedIn(int shard, InstanceId instance) {
    Take take = takes.get(shard);
    return take != null && take.awaited().remove(instance)
        ? Optional.of(Duration.ofNanos(nanos.getAsLong() - take.at()))
        : Optional.empty();
  }
}
