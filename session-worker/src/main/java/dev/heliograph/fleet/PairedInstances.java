package dev.heliograph.fleet;

import dev.heliograph.instance.Desired;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.instance.InstanceWish;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * How many of the instances on the held shards should be connected, as the last look at each shard
 * saw it, and how many are. One that waits for a scan, or whose wish came to its end, should not.
 */
final class PairedInstances {
  private final Map<Integer, Share> shares = new ConcurrentHashMap<>();

  private record Share(int wanted, int connected) {}

  PairedInstances(MeterRegistry registry) {
    gauge(
        registry,
        "heliograph.instance.wanted",
        "Paired instances that should be connected",
        Share::wanted);
    gauge(
        registry,
        "heliograph.instance.connected",
        "Those of them that WhatsApp has let in",
        Share::connected);
  }

  private void gauge(
      MeterRegistry registry, String name, String description, ToIntFunction<Share> part) {
    Gauge.builder(name, () -> shares.values().stream().mapToInt(part).sum())
        .description(description)
        .register(registry);
  }

  /** A look at a shard. */
  void seen(int shard, List<InstanceWish> wishes, Predicate<InstanceId> isConnected) {
    List<InstanceId> wanted =
        wishes.stream().filter(PairedInstances::isWanted).map(InstanceWish::id).toList();
    int connected = (int) wanted.stream().filter(isConnected).count();
    shares.put(shard, new Share(wanted.size(), connected));
  }

  private static boolean isWanted(InstanceWish instance) {
    return instance.desired() == Desired.RUNNING
        && instance.wish() > instance.usedWish()
        && (instance.status() == InstanceStatus.CONNECTED
            || instance.status() == InstanceStatus.DISCONNECTED);
  }

  /** Nobody here looks at that shard any more. */
  void gone(int shard) {
    shares.remove(shard);
  }
}
