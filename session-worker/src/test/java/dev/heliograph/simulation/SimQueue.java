package dev.heliograph.simulation;

import static java.util.Objects.requireNonNull;

import dev.heliograph.instance.InstanceId;
import dev.heliograph.message.QueuePlace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The command queue of a shard: rings get lost, come twice, and come again if nobody says so. */
final class SimQueue {
  private static final Duration LONGEST_POLL = Duration.ofSeconds(20);
  private static final Duration HIDDEN_FOR = Duration.ofSeconds(30);

  private final Scheduler scheduler;
  private final SimClock clock;
  private final Chance chance;
  private final Supplier<WireWeather> weather;
  private final List<Ring> waiting = new ArrayList<>();
  private final Set<SimProcess> listeners = new LinkedHashSet<>();

  private static final class Ring {
    private final InstanceId instance;
    private final List<QueuePlace> messages;
    private long visibleAt;

    Ring(InstanceId instance, List<QueuePlace> messages) {
      this.instance = instance;
      this.messages = messages;
    }
  }

  SimQueue(Scheduler scheduler, Chance chance, Supplier<WireWeather> weather) {
    this.scheduler = scheduler;
    this.clock = new SimClock(scheduler);
    this.chance = chance;
    this.weather = weather;
  }

  /** Somebody says where to look. */
  void ring(InstanceId instance, List<QueuePlace> messages) {
    if (!chance.in1000(weather.get().ringLost())) {
      scheduler.after(chance.millis(5, 500), () -> add(new Ring(instance, messages)));
    }
    if (chance.in1000(weather.get().ringTwice())) {
      scheduler.after(chance.millis(5, 5_000), () -> add(new Ring(instance, messages)));
    }
  }

  private void add(Ring ring) {
    waiting.add(ring);
    List.copyOf(listeners).forEach(process -> scheduler.wake(process, Duration.ZERO));
  }

  /** Listens as long as the shard is held, as a worker's bell does. */
  void listen(BooleanSupplier isHeld, BiConsumer<InstanceId, List<QueuePlace>> rung) {
    try {
      while (isHeld.getAsBoolean()) {
        List<Ring> received = receive();
        if (!isHeld.getAsBoolean()) {
          return; // they come again, to the next owner
        }
        Map<InstanceId, List<QueuePlace>> named = new LinkedHashMap<>();
        for (Ring ring : received) {
          named.computeIfAbsent(ring.instance, absent -> new ArrayList<>()).addAll(ring.messages);
        }
        named.forEach(rung);
        if (!chance.in1000(weather.get().ringTwice())) {
          waiting.removeAll(received);
        }
      }
    } catch (InterruptedException ended) {
      scheduler.trace("listens no more");
    }
  }

  private List<Ring> receive() throws InterruptedException {
    List<Ring> visible = visible();
    if (visible.isEmpty()) {
      SimProcess listener = requireNonNull(scheduler.running());
      listeners.add(listener);
      try {
        clock.pause(LONGEST_POLL);
      } finally {
        listeners.remove(listener);
      }
      visible = visible();
    } else {
      clock.pause(chance.millis(1, 20));
    }
    visible.forEach(ring -> ring.visibleAt = scheduler.nanos() + HIDDEN_FOR.toNanos());
    return visible;
  }

  private List<Ring> visible() {
    return waiting.stream().filter(ring -> ring.visibleAt <= scheduler.nanos()).toList();
  }
}
