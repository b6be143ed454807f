package dev.heliograph.fleet;

import dev.heliograph.instance.Desired;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.instance.InstanceWish;
import dev.heliograph.message.QueuePlace;
import dev.heliograph.message.QueuedMessage;
import dev.heliograph.table.NotAcknowledgedException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the instances of the shards that this worker holds: starts the sessions that are
 * wanted, tells them what waits, and writes down what is live.
 */
final class ShardKeeper {
  private static final Logger log = LoggerFactory.getLogger(ShardKeeper.class);

  /** What is younger may be missing where one looks: clocks differ, and an index is late. */
  private static final Duration NOT_SEEN_AT_ONCE = Duration.ofSeconds(5);

  private final FleetStorage fleet;
  private final Sessions sessions;
  private final PairedInstances paired;
  private final InstantSource clock;

  private final RareWarning missed = new RareWarning(log, "tick missed");
  private final RareWarning unread = new RareWarning(log, "queue not read for a ring");

  /** By shard, from its last tick on. */
  private final Map<Integer, Told> told = new ConcurrentHashMap<>();

  /** The wish that a running session was last told to look for, by a tick. */
  private final Map<InstanceId, Long> lastWish = new ConcurrentHashMap<>();

  ShardKeeper(FleetStorage fleet, Sessions sessions, PairedInstances paired, InstantSource clock) {
    this.fleet = fleet;
    this.sessions = sessions;
    this.paired = paired;
    this.clock = clock;
  }

  /**
   * Compares what is wished with what runs, and has queued messages looked at.
   *
   * @return false if a table was not reached
   */
  boolean tick(int shard) {
    try {
      Instant seen = clock.instant().minus(NOT_SEEN_AT_ONCE);
      Map<InstanceId, List<QueuePlace>> queued = queued(shard, Instant.EPOCH);
      List<InstanceWish> wishes = fleet.onShard(shard);
      told.put(shard, look(shard, seen, wishes, queued));
      paired.seen(shard, wishes, sessions::isConnected);
      fleet.see(shard, seen(shard, wishes));
      return true;
    } catch (NotAcknowledgedException later) {
      missed.of(shard, later);
      return false;
    }
  }

  /** Has all sessions look that have something new, and notes who was told of what waits. */
  private Told look(
      int shard,
      Instant seen,
      List<InstanceWish> wishes,
      Map<InstanceId, List<QueuePlace>> queued) {
    Told all = new Told(seen);
    Set<InstanceId> running = sessions.running();
    lastWish.keySet().retainAll(running);
    for (InstanceWish wish : wishes) {
      boolean waits = queued.containsKey(wish.id());
      boolean isNews = running.contains(wish.id()) ? isNews(wish) : isToBeLookedAt(wish);
      if (waits || isNews) {
        boolean wasConnected = wish.status() == InstanceStatus.CONNECTED;
        List<QueuePlace> its = queued.getOrDefault(wish.id(), List.of());
        tell(shard, wish.id(), its, wasConnected, all);
        queued.remove(wish.id());
        lastWish.put(wish.id(), wish.wish());
      }
    }
    queued.forEach((instance, its) -> tell(shard, instance, its, false, all));
    return all;
  }

  private void tell(
      int shard, InstanceId instance, List<QueuePlace> messages, boolean wasConnected, Told known) {
    long running = sessions.number(instance);
    List<QueuePlace> news = known.add(instance, messages, running);
    long session = sessions.look(shard, instance, news, wasConnected);
    if (running == 0 || session == running) {
      known.heard(instance, session);
    }
  }

  /**
   * A ring: someone has written rows of these instances.
   *
   * @param named the messages that the rings named; the index may not show them yet
   */
  void ring(int shard, Map<InstanceId, List<QueuePlace>> named) {
    Told known = told.getOrDefault(shard, new Told(Instant.EPOCH));
    Map<InstanceId, List<QueuePlace>> queued = readFor(shard, named.keySet(), known);
    for (Map.Entry<InstanceId, List<QueuePlace>> ring : named.entrySet()) {
      InstanceId instance = ring.getKey();
      List<QueuePlace> all = new ArrayList<>(queued.getOrDefault(instance, List.of()));
      all.addAll(ring.getValue());
      tell(shard, instance, all, false, known);
    }
  }

  /** What waits of these instances and is not known yet; nothing if the table was not reached. */
  private Map<InstanceId, List<QueuePlace>> readFor(
      int shard, Set<InstanceId> instances, Told known) {
    Instant seen = clock.instant().minus(NOT_SEEN_AT_ONCE);
    Instant since =
        instances.stream().map(known::upTo).min(Comparator.naturalOrder()).orElse(Instant.MAX);
    if (since.equals(Instant.MAX)) {
      return Map.of();
    }
    try {
      Map<InstanceId, List<QueuePlace>> queued = queued(shard, since);
      instances.forEach(instance -> known.read(instance, seen));
      return queued;
    } catch (NotAcknowledgedException unheard) {
      unread.of(shard, unheard);
      return Map.of();
    }
  }

  private Map<InstanceId, List<QueuePlace>> queued(int shard, Instant since) {
    return fleet.queued(shard, since).stream()
        .collect(
            Collectors.groupingBy(
                QueuedMessage::instance,
                HashMap::new,
                Collectors.mapping(QueuedMessage::place, Collectors.toList())));
  }

  /**
   * What is live, and since when the rest is not: what was live when somebody last looked, and has
   * not said that it went, has lost its worker. That is not forgotten until it is live again.
   */
  private Seen seen(int shard, List<InstanceWish> wishes) {
    Instant now = clock.instant();
    List<InstanceWish> down =
        wishes.stream().filter(wish -> !sessions.isConnected(wish.id())).toList();
    if (down.isEmpty()) {
      return new Seen(now, Set.of(), Map.of()); // as on most ticks: there is nothing to remember
    }
    Optional<Seen> before = fleet.seen(shard);
    Map<InstanceId, Optional<Instant>> lost = new HashMap<>();
    Map<InstanceId, Instant> others = new HashMap<>();
    for (InstanceWish wish : down) {
      boolean isConnected = wish.status() == InstanceStatus.CONNECTED;
      Optional<Instant> liveAt = before.flatMap(seen -> seen.liveAt(wish.id(), isConnected));
      if (isConnected) {
        lost.put(wish.id(), liveAt);
      } else {
        liveAt.ifPresent(at -> others.put(wish.id(), at));
      }
    }
    return Seen.of(now, lost, others);
  }

  /**
   * A session that runs looks at its row when there is something new in it: an idle one is free.
   */
  private boolean isNews(InstanceWish instance) {
    boolean isUnlinking =
        instance.desired() == Desired.LOGGED_OUT || instance.desired() == Desired.DELETED;
    return isUnlinking || !Objects.equals(lastWish.get(instance.id()), instance.wish());
  }

  private static boolean isToBeLookedAt(InstanceWish instance) {
    boolean isNew = instance.wish() > instance.usedWish();
    return switch (instance.desired()) {
      case NONE -> false;
      case RUNNING, STOPPED, LOGGED_OUT -> isNew;
      case DELETED -> true;
    };
  }
}
