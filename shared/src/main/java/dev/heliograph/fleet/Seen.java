package dev.heliograph.fleet;

import dev.heliograph.instance.InstanceId;
import java.time.Instant;
import java.util.Set;

/**
 * What the owner of a shard last saw there.
 *
 * @param at when it looked
 * @param notLive the wanted instances that had no connection then
 */
public record Seen(Instant at, Set<InstanceId> notLive) {
  public Seen {
    notLive = Set.copyOf(notLive);
  }
}
