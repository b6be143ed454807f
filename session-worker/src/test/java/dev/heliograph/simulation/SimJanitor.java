package dev.heliograph.simulation;

import dev.heliograph.fleet.FleetStorage;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.message.QueuedMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What rings each minute for messages that still wait, as the function does that runs on a
 * schedule: it reads the index, which is late, names no message, and settles nothing. A run may
 * fail halfway, and is then repeated.
 */
final class SimJanitor {
  private static final Duration EVERY = Duration.ofMinutes(1);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Scheduler scheduler;
  private final SimClock clock;
  private final Chance chance;
  private final Supplier<Weather> weather;
  private final FleetStorage fleet;
  private final List<SimQueue> queues;

  SimJanitor(
      Scheduler scheduler,
      Chance chance,
      Supplier<Weather> weather,
      FleetStorage fleet,
      List<SimQueue> queues) {
    this.scheduler = scheduler;
    this.clock = new SimClock(scheduler);
    this.chance = chance;
    this.weather = weather;
    this.fleet = fleet;
    this.queues = queues;
  }

  void start() {
    scheduler.after(chance.between(Duration.ZERO, EVERY), this::run);
  }

  private void run() {
    sweep();
    scheduler.after(EVERY, this::run);
  }

  private void sweep() {
    for (int shard = 0; shard < queues.size(); shard++) {
      if (chance.in1000(weather.get().lost() + weather.get().throttled())) {
        scheduler.trace("janitor", "fails");
        scheduler.after(chance.millis(1_000, 30_000), this::sweep);
        return;
      }
      SimQueue queue = queues.get(shard);
      waitingOn(shard)
          .forEach(
              instance -> {
                scheduler.trace("janitor", "rings");
                queue.ring(instance, List.of());
              });
    }
  }

  private Set<InstanceId> waitingOn(int shard) {
    Instant now = clock.now();
    Set<InstanceId> waiting = new LinkedHashSet<>();
    for (QueuedMessage message : fleet.queued(shard, Instant.EPOCH)) {
      boolean unheard = message.acceptedAt().plus(PATIENCE).isBefore(now);
      if (unheard && now.isBefore(message.deadline())) {
        waiting.add(message.instance());
      }
    }
    return waiting;
  }
}
