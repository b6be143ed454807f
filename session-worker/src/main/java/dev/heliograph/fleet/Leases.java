package dev.heliograph.fleet;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * This worker's part in the fleet: it beats, watches the others' beats by its own clock, takes the
 * shards of those that stood still, and gives up what is more than its fair share.
 *
 * <p>What a dead worker held is shared at once by those that hold something already: a newcomer,
 * who may have been started in its place, has yet to warm up. It gets its share when the others
 * give it up, in good order and one session after the other.
 *
 * <p>None of this makes anything safe (the journal does): it makes two owners rare, and a dead one
 * short. Used by one thread, where nothing else is said.
 */
final class Leases {
  private final FleetStorage fleet;
  private final String worker;
  private final int shards;
  private final LeaseSettings settings;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final RandomGenerator random;

  private final Map<String, Sighting> sightings = new HashMap<>();
  private Map<Integer, Long> held = Map.of();
  private int share;
  private boolean someoneIsOverdue;
  private final Map<Integer, Long> orphanedSince = new HashMap<>();
  private Optional<Long> lastRescue = Optional.empty();
  private long beat;
  private long lastGoodBeat;

  /** When a worker's counter was first seen to be this. */
  private record Sighting(long beat, long since) {}

  Leases(
      FleetStorage fleet,
      String worker,
      int shards,
      LeaseSettings settings,
      InstantSource clock,
      LongSupplier nanos,
      RandomGenerator random) {
    this.fleet = fleet;
    this.worker = worker;
    this.shards = shards;
    this.settings = settings;
    this.clock = clock;
    this.nanos = nanos;
    this.random = random;
  }

  /**
   * Beats, looks around, and takes what is free, up to the fair share.
   *
   * @return false if others have declared this worker dead: it must end
   */
  boolean beat() {
    if (!beat(false)) {
      return false;
    }
    FleetView view = fleet.read();
    Set<String> alive = alive(view);
    Set<String> staying = staying(view, alive);
    held = held(view);
    share = share(view, staying);
    take(view, alive, staying);
    return true;
  }

  /**
   * Beats, and neither looks nor takes: others are to know that this worker lives, and that they
   * are to share what it gives up.
   *
   * @return false if others have declared this worker dead: it must end
   */
  boolean beatLeaving() {
    return beat(true);
  }

  private boolean beat(boolean leaving) {
    long before = nanos.getAsLong();
    if (!fleet.beat(worker, ++beat, leaving, clock.instant())) {
      return false;
    }
    lastGoodBeat = before;
    return true;
  }

  /** Gives a shard up, if it is still held. For any thread. */
  void release(int shard) {
    fleet.release(shard, worker);
  }

  /** Beats no more, and says so: the others share what was held here without waiting. */
  void leave() {
    fleet.kill(worker, beat);
  }

  String worker() {
    return worker;
  }

  /** The shards that this worker's last look found to be its own, with their epochs. */
  Map<Integer, Long> held() {
    return held;
  }

  /** Whether the last good beat is fresh enough to start something new. */
  boolean isConfident() {
    return nanos.getAsLong() - lastGoodBeat < settings.confident().toNanos();
  }

  /**
   * How many shards are more than this worker's part of the whole, by its last look. None while
   * another worker may be dead: if it is, its part is shared, and what was given up for a newcomer
   * would be taken back a moment later. None either while what a dead one held settles down here.
   */
  int surplus() {
    boolean isSettling =
        lastRescue.filter(at -> nanos.getAsLong() - at < settings.settled().toNanos()).isPresent();
    return someoneIsOverdue || isSettling ? 0 : Math.max(0, held.size() - share);
  }

  private Set<String> alive(FleetView view) {
    Set<String> alive = new HashSet<>(Set.of(worker));
    long now = nanos.getAsLong();
    someoneIsOverdue = false;
    for (WorkerRow other : view.workers()) {
      if (other.id().equals(worker) || other.dead()) {
        continue;
      }
      Sighting seen = sightings.get(other.id());
      if (seen == null || seen.beat() != other.beat()) {
        seen = new Sighting(other.beat(), now);
      }
      long still = now - seen.since();
      if (still > settings.lease().toNanos() && fleet.kill(other.id(), other.beat())) {
        continue;
      }
      someoneIsOverdue |= still > settings.overdue().toNanos();
      sightings.put(other.id(), seen);
      alive.add(other.id());
    }
    sightings.keySet().retainAll(alive);
    return alive;
  }

  /** Those that live and go on taking shards: what one that leaves still holds is theirs soon. */
  private static Set<String> staying(FleetView view, Set<String> alive) {
    Set<String> staying = new HashSet<>(alive);
    view.workers().stream().filter(WorkerRow::leaving).map(WorkerRow::id).forEach(staying::remove);
    return staying;
  }

  private Map<Integer, Long> held(FleetView view) {
    Map<Integer, Long> mine = new TreeMap<>();
    for (ShardRow shard : view.shards()) {
      if (shard.owner().equals(Optional.of(worker))) {
        mine.put(shard.shard(), shard.epoch());
      }
    }
    return mine;
  }

  /** Takes what is free up to the fair share; of orphans as if there were no newcomers. */
  private void take(FleetView view, Set<String> alive, Set<String> staying) {
    Set<String> warm = warm(view, staying);
    int most = warm.contains(worker) ? Math.max(share, share(view, warm)) : share;
    Map<Integer, Long> mine = new TreeMap<>(held);
    for (ShardRow free : free(view, alive)) {
      boolean isOrphan = free.owner().isPresent();
      boolean isFull = mine.size() >= (isOrphan ? most : share);
      if (isFull || (isOrphan && isLeftToOthers(free, warm))) {
        continue;
      }
      // The next look shows what a take has brought whose answer is lost.
      fleet.take(free, worker).ifPresent(epoch -> mine.put(free.shard(), epoch));
      if (mine.size() > share) {
        lastRescue = Optional.of(nanos.getAsLong());
      }
    }
    held = mine;
  }

  private List<ShardRow> free(FleetView view, Set<String> alive) {
    Map<Integer, ShardRow> rows = new HashMap<>();
    view.shards().forEach(shard -> rows.put(shard.shard(), shard));
    List<ShardRow> free = new ArrayList<>();
    for (int number = 0; number < shards; number++) {
      ShardRow row = rows.getOrDefault(number, new ShardRow(number, Optional.empty(), 0));
      if (row.owner().map(owner -> !alive.contains(owner)).orElse(true)) {
        free.add(row);
      }
    }
    orphanedSince.keySet().retainAll(free.stream().map(ShardRow::shard).toList());
    Collections.shuffle(free, Random.from(random)); // so that two takers seldom meet
    return free;
  }

  /** Those that have lived for a while: a counter goes up once a beat. */
  private Set<String> warm(FleetView view, Set<String> staying) {
    long beats = settings.warm().dividedBy(settings.beat());
    return view.workers().stream()
        .filter(other -> other.beat() >= beats && staying.contains(other.id()))
        .map(WorkerRow::id)
        .collect(Collectors.toSet());
  }

  /** A newcomer leaves an orphan to the others, unless none of them takes it within a lease. */
  private boolean isLeftToOthers(ShardRow orphan, Set<String> warm) {
    long now = nanos.getAsLong();
    long since = orphanedSince.computeIfAbsent(orphan.shard(), _ -> now);
    boolean isTheirs = !warm.isEmpty() && !warm.contains(worker);
    return isTheirs && now - since < settings.lease().toNanos();
  }

  /**
   * What this worker is to hold: as many as everybody, or one more. Those have one more that hold
   * the most, so that as few as can be change hands; all who look at the same view say the same.
   */
  private int share(FleetView view, Set<String> among) {
    Map<String, Integer> counts = new HashMap<>();
    among.forEach(id -> counts.put(id, 0));
    view.shards()
        .forEach(
            shard -> shard.owner().ifPresent(id -> counts.computeIfPresent(id, (_, n) -> n + 1)));
    List<String> ranking =
        counts.keySet().stream()
            .sorted(
                Comparator.<String>comparingInt(id -> -counts.getOrDefault(id, 0))
                    .thenComparing(Comparator.naturalOrder()))
            .toList();
    boolean hasOneMore = ranking.indexOf(worker) < shards % among.size();
    return shards / among.size() + (hasOneMore ? 1 : 0);
  }

  Duration interval() {
    return settings.beat();
  }
}
