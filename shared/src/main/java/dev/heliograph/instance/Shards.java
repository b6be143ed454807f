package dev.heliograph.instance;

import dev.heliograph.id.Ulids;

/**
 * Which bucket a new instance goes into. It is stored with the instance and never computed again.
 */
public final class Shards {
  private Shards() {}

  /** A number from 0 to {@code count - 1}, evenly spread. */
  public static int of(InstanceId instance, int count) {
    // A ULID's own first characters are its time: neighbours would share a shard.
    return Math.floorMod(Ulids.derived("shard", instance.value()).hashCode(), count);
  }
}
