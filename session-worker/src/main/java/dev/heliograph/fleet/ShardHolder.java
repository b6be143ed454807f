package dev.heliograph.fleet;

import dev.heliograph.fleet.FleetMetrics.Beat;
import dev.heliograph.health.Vitals;
import dev.heliograph.table.NotAcknowledgedException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what runs here in line with what the leases say: a shard that came begins to be listened to
 * and ticked, one that went is let go.
 */
final class ShardHolder implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(ShardHolder.class);

  /** After a look at the rows that reached no table. */
  private static final Duration NEXT_TRY = Duration.ofSeconds(1);

  private static final Duration LONGEST_JOIN = Duration.ofMinutes(1);

  private final Leases leases;
  private final Sessions sessions;
  private final ShardKeeper keeper;
  private final BiFunction<Integer, BooleanSupplier, Runnable> bells;
  private final Threads runs;
  private final Duration tick;
  private final Runnable onDeath;
  private final WorkerMetrics metrics;
  private final Vitals vitals;
  private final RareWarning beatMissed = new RareWarning(log, "beat missed");
  private final RareWarning notReleased = new RareWarning(log, "not released");
  private final RareWarning leftSilently = new RareWarning(log, "left without a word");

  private volatile boolean leaving;
  private volatile boolean left;
  private final Map<Integer, List<Threads.Task>> threads = new HashMap<>();
  private final Map<Integer, Long> epochs = new ConcurrentHashMap<>();

  /** Those that are being given up: what a look says of them may be from before. */
  private final Set<Integer> releasing = ConcurrentHashMap.newKeySet();

  /** Those of them that were given up, or could not be: the next look says what they are. */
  private final Set<Integer> released = ConcurrentHashMap.newKeySet();

  /** What gives a shard up, or has. */
  private final Map<Integer, Threads.Task> releases = new ConcurrentHashMap<>();

  /**
   * A holder that holds nothing yet.
   *
   * @param bells what listens to a shard's queue as long as it is held
   * @param onDeath called when others have declared this worker dead
   */
  ShardHolder(
      Leases leases,
      Sessions sessions,
      ShardKeeper keeper,
      BiFunction<Integer, BooleanSupplier, Runnable> bells,
      Threads runs,
      Duration tick,
      Runnable onDeath,
      WorkerMetrics metrics,
      Vitals vitals) {
    this.leases = leases;
    this.sessions = sessions;
    this.keeper = keeper;
    this.bells = bells;
    this.runs = runs;
    this.tick = tick;
    this.onDeath = onDeath;
    this.metrics = metrics;
    this.vitals = vitals;
  }

  /** The epoch in which a shard is held; 0 if it is not. */
  long epoch(int shard) {
    return epochs.getOrDefault(shard, 0L);
  }

  /** How many shards are held. */
  int held() {
    return epochs.size();
  }

  /** Notes that a shard's epoch was raised. */
  void raised(int shard, long epoch) {
    epochs.computeIfPresent(shard, (held, before) -> Math.max(before, epoch));
  }

  /** Beats until it has left, is interrupted, or dead. */
  @Override
  public void run() {
    try {
      while (!left) {
        if (!beat()) {
          log.atWarn().addKeyValue("worker", leases.worker()).log("declared dead by others");
          vitals.dead();
          abandon();
          onDeath.run();
          return;
        }
        runs.sleep(leases.interval());
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean beat() throws InterruptedException {
    long begun = System.nanoTime();
    Beat beat = Beat.MISSED;
    try {
      Set<Integer> settled = new HashSet<>(released);
      if (!(leaving ? leases.beatLeaving() : leases.beat())) {
        return false;
      }
      releasing.removeAll(settled);
      released.removeAll(settled);
      followLeases();
      beat = Beat.GOOD;
    } catch (NotAcknowledgedException missed) {
      beatMissed.of(missed);
    } catch (RuntimeException defect) {
      // The edge of a beat: without the next one this worker would live on unseen.
      log.atError().setCause(defect).log("beat failed");
      beat = Beat.FAILED;
    }
    metrics.fleet().beaten(beat, Duration.ofNanos(System.nanoTime() - begun));
    vitals.beaten(beat == Beat.GOOD);
    sessions.setConfident(leases.isConfident());
    return true;
  }

  private synchronized void followLeases() {
    if (leaving) {
      return;
    }
    follow(leases.held());
    giveUpSurplus();
  }

  private void follow(Map<Integer, Long> held) {
    for (int gone : new HashSet<>(epochs.keySet())) {
      if (!held.containsKey(gone)) {
        lost(gone);
        sessions.abandon(gone);
      }
    }
    int before = epochs.size();
    held.forEach(
        (shard, epoch) -> {
          if (!releasing.contains(shard)) {
            boolean isNew = !epochs.containsKey(shard);
            epochs.merge(shard, epoch, Math::max);
            if (isNew) {
              start(shard);
            }
          }
        });
    if (epochs.size() > before) {
      log.atInfo().addKeyValue("held", epochs.size()).log("shards taken");
    }
  }

  /** Beats go on meanwhile: a session may take a while to end in good order. */
  private void giveUpSurplus() {
    int surplus = leases.surplus() - releasing.size();
    for (int shard : new HashSet<>(epochs.keySet())) {
      if (surplus-- <= 0) {
        return;
      }
      letGo(shard);
      release(shard);
    }
  }

  private void letGo(int shard) {
    releasing.add(shard);
    stop(shard);
  }

  private void release(int shard) {
    releases.put(shard, runs.start("release " + shard, () -> giveUp(shard)));
  }

  private void giveUp(int shard) throws InterruptedException {
    try {
      sessions.release(shard);
      leases.release(shard);
      metrics.fleet().released();
    } catch (NotAcknowledgedException stillOurs) {
      notReleased.of(shard, stillOurs);
    } finally {
      released.add(shard);
    }
  }

  private void start(int shard) {
    metrics.fleet().taken();
    metrics.takeovers().taken(shard);
    log.atDebug().addKeyValue("shard", shard).log("shard held");
    sessions.open(shard);
    Runnable bell = bells.apply(shard, () -> epochs.containsKey(shard));
    threads.put(
        shard,
        List.of(
            runs.start("bell " + shard, bell::run),
            runs.start("tick " + shard, () -> ticks(shard))));
  }

  private void ticks(int shard) throws InterruptedException {
    try {
      // An interruption may be lost in a library: what counts is what is held.
      while (epochs.containsKey(shard)) {
        boolean hasLooked = tick(shard);
        runs.sleep(hasLooked || tick.compareTo(NEXT_TRY) < 0 ? tick : NEXT_TRY);
      }
    } finally {
      vitals.gone(shard);
      metrics.instances().gone(shard);
    }
  }

  private boolean tick(int shard) {
    boolean good = false;
    try {
      good = keeper.tick(shard);
    } catch (RuntimeException defect) {
      // The edge of a tick: the next one may find the rows in another state.
      log.atError().addKeyValue("shard", shard).setCause(defect).log("tick failed");
    }
    vitals.ticked(shard, good);
    return good;
  }

  private void stop(int shard) {
    log.atInfo().addKeyValue("shard", shard).log("shard let go");
    epochs.remove(shard);
    metrics.takeovers().gone(shard);
    List<Threads.Task> running = threads.remove(shard);
    if (running != null) {
      running.forEach(Threads.Task::interrupt);
    }
  }

  private void lost(int shard) {
    metrics.fleet().lost();
    stop(shard);
  }

  /**
   * Gives every shard up in good order, all at once: sessions end with a checkpoint. Beats go on
   * until that is done, so that nobody takes what is being handed over; then the others need not
   * wait for a lease to run out to share what was held here.
   *
   * @param beats the thread that runs this
   */
  void leave(Threads.Task beats) throws InterruptedException {
    Set<Integer> held;
    synchronized (this) {
      leaving = true;
      vitals.ending();
      held = new HashSet<>(epochs.keySet());
      held.forEach(this::letGo);
    }
    sessions.askToEnd();
    held.forEach(this::release);
    // Those too that were more than the fair share and are still being handed over.
    for (Threads.Task release : List.copyOf(releases.values())) {
      join(release);
    }
    left = true;
    beats.interrupt();
    join(beats);
    try {
      leases.leave();
    } catch (NotAcknowledgedException leaseWillRunOut) {
      leftSilently.of(leaseWillRunOut);
    }
  }

  private static void join(Threads.Task task) throws InterruptedException {
    boolean over = false;
    while (!over) {
      over = task.join(LONGEST_JOIN);
    }
  }

  private synchronized void abandon() {
    new HashSet<>(epochs.keySet()).forEach(this::lost);
    sessions.abandon();
  }
}
