package dev.heliograph.simulation;

import static dev.heliograph.simulation.Witness.check;

import dev.heliograph.fleet.FleetStorage;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.InstanceWish;
import dev.heliograph.message.QueuedMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * One run of a fleet: workers that come, stand still, are killed and asked to end, each with a
 * clock of its own; their leases, shards and sessions; a few numbers, and the janitor. First
 * everything goes wrong, then nothing does, and in the end everything must have come to its end.
 */
final class FleetSimulation {
  private static final int SHARDS = 5;
  private static final int MOST_WORKERS = 4;
  private static final Duration STORMY = Duration.ofSeconds(70);
  private static final Duration QUIET = Duration.ofMinutes(7);

  /** From the end of all faults, and of what they left under way, until every shard is held. */
  private static final Duration TAKEN_WITHIN = Duration.ofSeconds(20);

  private static final Duration LONGEST_STANDSTILL = Duration.ofMinutes(1);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(15);

  private final FleetRules rules;
  private final Chance chance;
  private final Scheduler scheduler = new Scheduler();
  private final InMemoryFleet fleet = new InMemoryFleet();
  private final Map<InstanceId, SimNumber> numbers = new LinkedHashMap<>();
  private final Map<InstanceId, InstanceWish> indexed = new HashMap<>();
  private final List<SimQueue> queues;
  private final List<SimWorker> workers = new ArrayList<>();
  private final boolean losesItsTable;

  private Weather weather;
  private WireWeather wireWeather;
  private final Map<Integer, String> ownersBefore = new HashMap<>();
  private long brownOutUntil;
  private boolean ending;

  /**
   * Rules of which one may be switched off.
   *
   * @param journal what storage is not
   * @param fleet what the fleet's table is not
   * @param clocksListen whether workers heed the time that DynamoDB tells
   */
  record FleetRules(Lie journal, UnaryOperator<FleetStorage> fleet, boolean clocksListen) {
    static final FleetRules ALL = new FleetRules(Lie.NONE, UnaryOperator.identity(), true);
  }

  FleetSimulation(long seed, FleetRules rules) {
    this.rules = rules;
    this.chance = new Chance(seed);
    this.weather = Weather.drawn(chance);
    this.wireWeather = WireWeather.drawn(chance);
    this.losesItsTable = chance.below(4) == 0;
    this.queues =
        IntStream.range(0, SHARDS)
            .mapToObj(shard -> new SimQueue(scheduler, chance, () -> wireWeather))
            .toList();
    for (int i = 0; i < 1 + chance.below(3) / 2; i++) {
      addNumber(i, chance.below(SHARDS));
    }
  }

  private void addNumber(int place, int shard) {
    SimNumber[] self = new SimNumber[1];
    self[0] =
        new SimNumber(
            place,
            shard,
            rules.journal(),
            scheduler,
            chance,
            this::weather,
            () -> wireWeather,
            STORMY,
            messages -> queues.get(shard).ring(self[0].id(), messages));
    numbers.put(self[0].id(), self[0]);
  }

  private Weather weather() {
    return scheduler.nanos() < brownOutUntil ? Weather.BROWN_OUT : weather;
  }

  Seeds.Outcome run() {
    try {
      for (int i = 0; i < 2 + chance.below(2); i++) {
        startWorker();
      }
      numbers.values().forEach(SimNumber::begin);
      new SimJanitor(scheduler, chance, this::weather, new Indexed(fleet), queues).start();
      scheduler.after(chance.millis(2_000, 15_000), this::disturb);
      Throwable failure = scheduler.run(STORMY);
      if (failure == null) {
        calm();
        failure = scheduler.run(Weather.LONGEST_ODYSSEY.plus(TAKEN_WITHIN));
      }
      if (failure == null) {
        scheduler.after(Duration.ZERO, this::lookAtShares);
        numbers.values().forEach(SimNumber::calm);
        failure = scheduler.run(QUIET);
      }
      if (failure == null) {
        numbers.values().forEach(SimNumber::checkLive);
        ending = true;
        workers.forEach(SimWorker::leave);
        failure = scheduler.run(Duration.ofMinutes(2));
      }
      if (failure == null) {
        checkEnd();
      }
      return new Seeds.Outcome(scheduler.trace(), Optional.ofNullable(failure));
    } catch (AssertionError violated) {
      return new Seeds.Outcome(scheduler.trace(), Optional.of(violated));
    } finally {
      scheduler.close();
    }
  }

  private boolean isStormy() {
    return scheduler.nanos() < STORMY.toNanos();
  }

  // Workers

  private void startWorker() {
    String name = "worker-" + (workers.size() + 1);
    SimMachine machine = SimMachine.drawn(scheduler, chance, rules.clocksListen());
    FleetStorage table =
        rules
            .fleet()
            .apply(
                new UnreliableFleet(
                    new Indexed(fleet),
                    new UnreliableNetwork(scheduler, chance, this::weather, machine)));
    SimWorker[] self = new SimWorker[1];
    self[0] =
        new SimWorker(
            name, scheduler, chance, machine, table, numbers, queues, () -> replace(self[0]));
    workers.add(self[0]);
    self[0].start();
  }

  /** Its process has ended with an error: whoever looks after it starts another one. */
  private void replace(SimWorker dead) {
    dead.kill();
    scheduler.after(chance.millis(500, 5_000), this::startIfFew);
  }

  private void startIfFew() {
    if (up().size() < MOST_WORKERS) {
      startWorker();
    }
  }

  private List<SimWorker> up() {
    return workers.stream().filter(SimWorker::isUp).toList();
  }

  /** The tables' indexes, which show some things late. */
  private final class Indexed extends ForwardingFleet {
    Indexed(FleetStorage to) {
      super(to);
    }

    @Override
    public List<InstanceWish> onShard(int shard) {
      return numbers.values().stream()
          .map(SimNumber::row)
          .filter(row -> row.shard() == shard)
          .map(this::shown)
          .toList();
    }

    private InstanceWish shown(Instance row) {
      InstanceWish now =
          new InstanceWish(row.id(), row.desired(), row.wish(), row.usedWish(), row.status());
      InstanceWish before = indexed.put(row.id(), now);
      return before != null && isStormy() && chance.evens() ? before : now;
    }

    @Override
    public List<QueuedMessage> queued(int shard, Instant since) {
      return numbers.values().stream()
          .filter(number -> number.shard() == shard)
          .flatMap(number -> number.queued().stream())
          .filter(message -> !message.acceptedAt().isBefore(since))
          .toList();
    }
  }

  // What goes wrong

  private void disturb() {
    if (!isStormy()) {
      return;
    }
    List<SimWorker> running = up();
    int what = chance.below(100);
    if (running.isEmpty()) {
      startWorker();
    } else if (what < 25) {
      chance.oneOf(running).kill();
      scheduler.after(chance.millis(10, 15_000), this::startIfFew);
    } else if (what < 55) {
      chance.oneOf(running).freeze(chance.between(Duration.ofSeconds(1), LONGEST_STANDSTILL));
    } else if (what < 70) {
      chance.oneOf(running).leave();
      scheduler.after(chance.millis(10, 15_000), this::startIfFew);
    } else if (what < 80) {
      startIfFew();
    } else if (what < 90) {
      scheduler.trace("", "BROWN-OUT");
      brownOutUntil = scheduler.nanos() + chance.millis(1_000, 40_000).toNanos();
    } else if (what < 93 && losesItsTable) {
      scheduler.trace("", "THE FLEET'S TABLE IS LOST");
      fleet.lose();
    } else {
      chance.oneOf(List.copyOf(numbers.values())).whatsApp().endStream();
    }
    scheduler.after(chance.millis(1_000, 12_000), this::disturb);
  }

  private void calm() {
    brownOutUntil = 0;
    weather = Weather.FAIR;
    wireWeather = WireWeather.FAIR;
    while (up().size() < 2) {
      startWorker();
    }
    if (chance.evens()) {
      startIfFew();
    }
  }

  // What must be true

  private void lookAtShares() {
    if (ending) {
      return;
    }
    Map<String, Integer> shares = new HashMap<>();
    up().forEach(worker -> shares.put(worker.name(), 0));
    for (int shard = 0; shard < SHARDS; shard++) {
      String owner = fleet.shard(shard).owner().orElse("nobody");
      check(shares.containsKey(owner), "shard " + shard + " is held by " + owner);
      check(
          holds(owner, shard) || !owner.equals(ownersBefore.put(shard, owner)),
          owner + " does not know that it holds shard " + shard);
      shares.merge(owner, 1, Integer::sum);
    }
    int most = shares.values().stream().mapToInt(share -> share).max().orElseThrow();
    int least = shares.values().stream().mapToInt(share -> share).min().orElseThrow();
    check(most - least <= 1, "shares are uneven: " + shares);
    scheduler.after(BETWEEN_LOOKS, this::lookAtShares);
  }

  private boolean holds(String name, int shard) {
    return workers.stream().anyMatch(worker -> worker.name().equals(name) && worker.holds(shard));
  }

  private boolean isDeclaredDead(String name) {
    return fleet.read().workers().stream().anyMatch(row -> row.id().equals(name) && row.dead());
  }

  private void checkEnd() {
    for (SimWorker worker : workers) {
      check(worker.isDead(), worker.name() + " has not come to an end");
    }
    for (int shard = 0; shard < SHARDS; shard++) {
      // One may have got it as it ended itself: others need not wait for that one either.
      Optional<String> owner = fleet.shard(shard).owner();
      check(owner.map(this::isDeclaredDead).orElse(true), "shard " + shard + " was not given up");
    }
    numbers.values().forEach(SimNumber::checkEnd);
  }
}
