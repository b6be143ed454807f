package dev.heliograph.fleet;

import dev.heliograph.health.Vitals;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.journal.SessionClock;
import dev.heliograph.message.QueuePlace;
import dev.heliograph.session.Epochs;
import dev.heliograph.session.Mailbox;
import dev.heliograph.session.Session;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * A worker without its network, put together as {@link Worker} does it: what becomes of its
 * sessions, tables and threads is the caller's.
 */
public final class WorkerParts {
  /** Counted together: nobody reads it. */
  private static final WorkerMetrics METRICS = new WorkerMetrics();

  private static final int MOST_SESSIONS = 100;
  private static final int MOST_STARTS = 2;
  private static final Duration TO_END = Duration.ofSeconds(10);

  private final String id;
  private final FleetStorage storage;
  private final ShardKeeper keeper;
  private final ShardHolder holder;

  /** Runs one session to its end. */
  @FunctionalInterface
  public interface Runner {
    /** Runs it on the calling thread. */
    Session.End run(InstanceId instance, int shard, Mailbox mailbox) throws InterruptedException;
  }

  /**
   * One that does nothing yet.
   *
   * @param mailboxes makes one, which calls what it is given when its session is connected
   * @param bells what listens to a shard's queue as long as it is held
   * @param onDeath called when others have declared it dead
   */
  public WorkerParts(
      String id,
      int shards,
      FleetStorage storage,
      Threads threads,
      SessionClock clock,
      RandomGenerator random,
      Duration tick,
      Runner runner,
      Function<Runnable, Mailbox> mailboxes,
      BiFunction<Integer, BooleanSupplier, Runnable> bells,
      Runnable onDeath) {
    this.id = id;
    this.storage = storage;
    Sessions sessions =
        new Sessions(
            (instance, shard, mailbox) -> after(runner.run(instance, shard, mailbox)),
            mailboxes,
            new Starts(MOST_STARTS, threads),
            MOST_SESSIONS,
            TO_END,
            threads,
            clock::nanos,
            random);
    this.keeper = new ShardKeeper(storage, sessions, METRICS.instances(), clock::now);
    Leases leases =
        new Leases(storage, id, shards, LeaseSettings.DEFAULT, clock::now, clock::nanos, random);
    this.holder =
        new ShardHolder(
            leases,
            sessions,
            keeper,
            bells,
            threads,
            tick,
            onDeath,
            METRICS,
            new Vitals(LeaseSettings.DEFAULT.lease(), clock::nanos));
  }

  private static SessionRunner.After after(Session.End end) {
    return switch (end) {
      case AT_REST -> SessionRunner.After.REST;
      case LOST, NOT_OURS -> SessionRunner.After.REOPEN;
    };
  }

  /** Beats until it has left or is dead. */
  public void run() {
    holder.run();
  }

  /**
   * Gives everything up in good order.
   *
   * @param beats what runs {@link #run}
   */
  public void leave(Threads.Task beats) throws InterruptedException {
    holder.leave(beats);
  }

  /** Somebody rings. */
  public void ring(int shard, Map<InstanceId, List<QueuePlace>> named) {
    keeper.ring(shard, named);
  }

  /** The epoch in which a shard is held. */
  public Epochs epochs(int shard) {
    return new HeldEpoch(shard, id, storage, holder);
  }
}
