package dev.heliograph.fleet;

import dev.heliograph.instance.Desired;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.instance.InstanceWish;
import dev.heliograph.instance.Instances;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.Messages;
import dev.heliograph.message.QueuedMessage;
import dev.heliograph.table.NotAcknowledgedException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

  /** Clocks differ, and an index is late. */
  private static final Duration UNSEEN_BY_A_TICK = Duration.ofSeconds(15);

  private final Instances instances;
  private final Messages messages;
  private final Fleet fleet;
  private final Sessions sessions;
  private final InstantSource clock;

  /** The last tick of each shard: what waited then, a ring need not tell again. */
  private final Map<Integer, Tick> ticks = new ConcurrentHashMap<>();

  /** The wish that a running session was last told to look for, by a tick. */
  private final Map<InstanceId, Long> told = new ConcurrentHashMap<>();

  /**
   * When a tick began.
   *
   * @param moment the same by {@link Sessions#now}
   */
  private record Tick(Instant at, long moment) {}

  ShardKeeper(
      Instances instances, Messages messages, Fleet fleet, Sessions sessions, InstantSource clock) {
    this.instances = instances;
    this.messages = messages;
    this.fleet = fleet;
    this.sessions = sessions;
    this.clock = clock;
  }

  /**
   * Compares what is wished with what runs, and has queued messages looked at.
   *
   * @return false if a table was not reached
   */
  boolean tick(int shard) {
    try {
      Tick tick = new Tick(clock.instant(), sessions.now());
      Map<InstanceId, List<MessageId>> queued = queued(shard, Instant.EPOCH);
      List<InstanceWish> wishes = instances.onShard(shard);
      Set<InstanceId> running = sessions.running();
      told.keySet().retainAll(running);
      for (InstanceWish wish : wishes) {
        boolean waits = queued.containsKey(wish.id());
        boolean isNews = running.contains(wish.id()) ? isNews(wish) : isToBeLookedAt(wish);
        if (waits || isNews) {
          boolean wasConnected = wish.status() == InstanceStatus.CONNECTED;
          sessions.look(shard, wish.id(), queued.getOrDefault(wish.id(), List.of()), wasConnected);
          queued.remove(wish.id());
          told.put(wish.id(), wish.wish());
        }
      }
      queued.forEach((instance, waiting) -> sessions.look(shard, instance, waiting));
      ticks.put(shard, tick);
      fleet.see(shard, new Seen(clock.instant(), notLive(wishes)));
      return true;
    } catch (NotAcknowledgedException later) {
      log.atWarn().addKeyValue("shard", shard).setCause(later).log("tick missed");
      return false;
    }
  }

  /**
   * A ring: someone has written rows of these instances.
   *
   * @param named the messages that the rings named; the index may not show them yet
   */
  void ring(int shard, Map<InstanceId, List<MessageId>> named) {
    Map<InstanceId, List<MessageId>> queued = Map.of();
    try {
      queued = queued(shard, since(shard, named.keySet()));
    } catch (NotAcknowledgedException unheard) {
      log.atWarn().addKeyValue("shard", shard).setCause(unheard).log("queue not read for a ring");
    }
    for (Map.Entry<InstanceId, List<MessageId>> ring : named.entrySet()) {
      Set<MessageId> all = new LinkedHashSet<>(queued.getOrDefault(ring.getKey(), List.of()));
      all.addAll(ring.getValue());
      sessions.look(shard, ring.getKey(), List.copyOf(all));
    }
  }

  /** From when on there may be rows that the sessions of these instances were not told of. */
  private Instant since(int shard, Set<InstanceId> instances) {
    Tick tick = ticks.get(shard);
    if (tick == null
        || !instances.stream().allMatch(it -> sessions.hasRunSince(tick.moment(), it))) {
      return Instant.EPOCH;
    }
    return tick.at().minus(UNSEEN_BY_A_TICK);
  }

  private Map<InstanceId, List<MessageId>> queued(int shard, Instant since) {
    return messages.queued(shard, since).stream()
        .collect(
            Collectors.groupingBy(
                QueuedMessage::instance,
                HashMap::new,
                Collectors.mapping(QueuedMessage::id, Collectors.toCollection(ArrayList::new))));
  }

  private Set<InstanceId> notLive(List<InstanceWish> wishes) {
    return wishes.stream()
        .filter(wish -> wish.desired() == Desired.RUNNING)
        .map(InstanceWish::id)
        .filter(id -> !sessions.isConnected(id))
        .collect(Collectors.toSet());
  }

  /**
   * A session that runs looks at its row when there is something new in it: an idle one is free.
   */
  private boolean isNews(InstanceWish instance) {
    boolean isUnlinking =
        instance.desired() == Desired.LOGGED_OUT || instance.desired() == Desired.DELETED;
    return isUnlinking || !Objects.equals(told.get(instance.id()), instance.wish());
  }

  private static boolean isToBeLookedAt(InstanceWish instance) {
    boolean isNew = instance.wish() > instance.usedWish();
    return switch (instance.desired()) {
      case NONE -> false;
      case RUNNING, LOGGED_OUT -> isNew;
      case STOPPED -> isUp(instance.status());
      case DELETED -> true;
    };
  }

  private static boolean isUp(InstanceStatus status) {
    return switch (status) {
      case QR, CONNECTING, CONNECTED -> true;
      case PENDING, DISCONNECTED, FAILED -> false;
    };
  }
}
