package dev.heliograph.fleet;

import dev.heliograph.instance.InstanceId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the owner of a shard last saw there.
 *
 * @param at when it looked
 * @param notLive the wanted instances that had no connection then
 * @param lastLive when instances without a connection had one last, where their own rows do not
 *     tell: their sessions ended with their workers
 */
public record Seen(Instant at, Set<InstanceId> notLive, Map<InstanceId, Instant> lastLive) {
  public Seen {
    notLive = Set.copyOf(notLive);
    lastLive = Map.copyOf(lastLive);
  }

  /**
   * When an instance had a connection last, as far as this tells.
   *
   * @param isConnected whether that is the status of its row
   */
  public Optional<Instant> liveAt(InstanceId instance, boolean isConnected) {
    Instant before = lastLive.get(instance);
    if (before != null) {
      return Optional.of(before);
    }
    return isConnected && !notLive.contains(instance) ? Optional.of(at) : Optional.empty();
  }
}
