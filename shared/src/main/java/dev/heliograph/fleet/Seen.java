package dev.heliograph.fleet;

import dev.heliograph.instance.InstanceId;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the owner of a shard last saw there.
 *
 * @param at when it looked
 * @param othersLiveAt when those had a connection that are not named, and whose rows say that they
 *     are connected: {@code at}, or before, if some could not be named; null if of those it is not
 *     known when
 * @param notLive instances whose rows say that they are connected, and that had no connection then
 * @param lastLive when instances without a connection had one last, where their own rows do not
 *     tell: their sessions ended with their workers
 */
public record Seen(
    Instant at,
    @Nullable Instant othersLiveAt,
    Set<InstanceId> notLive,
    Map<InstanceId, Instant> lastLive) {

  /** So many are named of each kind: an item holds 400 KB, and each KB of it costs at each tick. */
  static final int MOST_NAMED = 1000;

  public Seen {
    notLive = Set.copyOf(notLive);
    lastLive = Map.copyOf(lastLive);
  }

  /** All without a connection are named. */
  public Seen(Instant at, Set<InstanceId> notLive, Map<InstanceId, Instant> lastLive) {
    this(at, at, notLive, lastLive);
  }

  /**
   * A look that names as many as there is room for. What it tells of the others is older than need
   * be, and never newer than what is true.
   *
   * @param lost those without a connection whose rows say that they are connected, with the time at
   *     which they had one last, if it is known
   * @param down those whose rows say that they are not, and do not tell since when
   */
  public static Seen of(
      Instant at, Map<InstanceId, Optional<Instant>> lost, Map<InstanceId, Instant> down) {
    Set<InstanceId> notLive = new HashSet<>();
    Map<InstanceId, Instant> lastLive = new HashMap<>();
    List<InstanceId> oldestFirst =
        lost.keySet().stream()
            .sorted(Comparator.comparing(id -> timeOf(id, lost).orElse(Instant.MIN)))
            .toList();
    oldestFirst.stream()
        .limit(MOST_NAMED)
        .forEach(
            id ->
                timeOf(id, lost)
                    .ifPresentOrElse(time -> lastLive.put(id, time), () -> notLive.add(id)));
    down.entrySet().stream()
        .sorted(Map.Entry.<InstanceId, Instant>comparingByValue().reversed())
        .limit(MOST_NAMED)
        .forEach(one -> lastLive.put(one.getKey(), one.getValue()));
    boolean areAllNamed = oldestFirst.size() <= MOST_NAMED;
    Instant others = areAllNamed ? at : timeOf(oldestFirst.get(MOST_NAMED), lost).orElse(null);
    return new Seen(at, others, notLive, lastLive);
  }

  private static Optional<Instant> timeOf(
      InstanceId instance, Map<InstanceId, Optional<Instant>> times) {
    return times.getOrDefault(instance, Optional.empty());
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
    return isConnected && !notLive.contains(instance)
        ? Optional.ofNullable(othersLiveAt)
        : Optional.empty();
  }
}
