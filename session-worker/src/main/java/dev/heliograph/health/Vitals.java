package dev.heliograph.health;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How a worker is, as its own threads tell it. Told by any thread and asked by any: what is asked
 * blocks nothing and calls nothing.
 */
public final class Vitals {
  private static final Duration SHORTEST_STALL = Duration.ofSeconds(30);

  private final LongSupplier nanos;
  private final Duration fresh;
  private final Duration stall;
  private final long started;

  private volatile @Nullable Beat last;
  private final Set<Integer> unticked = ConcurrentHashMap.newKeySet();
  private volatile boolean ending;
  private volatile boolean dead;

  private record Beat(boolean good, long at) {}

  /** Why a worker is not ready. */
  public enum Unready {
    /** It has not beaten yet. */
    STARTING,
    /** Its last beat reached no table, or is too long ago. */
    BEAT_MISSED,
    /** Its last look at the instances of a shard reached no table. */
    TICK_MISSED,
    /** It gives its shards up. */
    SHUTTING_DOWN,
    /** Other workers have taken its shards. */
    DECLARED_DEAD;

    /** Its name in JSON. */
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Of a worker that starts now.
   *
   * @param lease how long a good beat counts
   * @param nanos what elapses
   */
  public Vitals(Duration lease, LongSupplier nanos) {
    this.nanos = nanos;
    this.fresh = lease;
    Duration leases = lease.multipliedBy(5);
    this.stall = leases.compareTo(SHORTEST_STALL) > 0 ? leases : SHORTEST_STALL;
    this.started = nanos.getAsLong();
  }

  /** A beat has ended. */
  public void beaten(boolean good) {
    last = new Beat(good, nanos.getAsLong());
  }

  /** A look at the instances of a shard has ended. */
  public void ticked(int shard, boolean good) {
    if (good) {
      unticked.remove(shard);
    } else {
      unticked.add(shard);
    }
  }

  /** Nobody here looks at that shard any more. */
  public void gone(int shard) {
    unticked.remove(shard);
  }

  /** From here on shards are given up, and nothing beats. */
  public void ending() {
    ending = true;
  }

  /** Others have declared the worker dead. */
  public void dead() {
    dead = true;
  }

  /**
   * Whether the process should live: beats come, good or not. A table that nobody reaches is not
   * mended by a restart; a loop that stands still is. One that ends in good order is left alone.
   */
  public boolean isAlive() {
    Beat beat = last;
    long since = nanos.getAsLong() - (beat == null ? started : beat.at());
    return !dead && (ending || since < stall.toNanos());
  }

  /** Why the worker cannot do its work at the moment; empty if it can. */
  public Optional<Unready> unready() {
    Beat beat = last;
    if (dead) {
      return Optional.of(Unready.DECLARED_DEAD);
    }
    if (ending) {
      return Optional.of(Unready.SHUTTING_DOWN);
    }
    if (beat == null) {
      return Optional.of(Unready.STARTING);
    }
    if (!beat.good() || nanos.getAsLong() - beat.at() > fresh.toNanos()) {
      return Optional.of(Unready.BEAT_MISSED);
    }
    return unticked.isEmpty() ? Optional.empty() : Optional.of(Unready.TICK_MISSED);
  }
}
