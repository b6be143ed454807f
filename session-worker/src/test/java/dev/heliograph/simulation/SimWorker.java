package dev.heliograph.simulation;

import static java.util.Objects.requireNonNull;

import dev.heliograph.fleet.FleetStorage;
import dev.heliograph.fleet.LeaseSettings;
import dev.heliograph.fleet.Threads;
import dev.heliograph.fleet.WorkerParts;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.journal.SessionStorage;
import dev.heliograph.session.Mailbox;
import dev.heliograph.session.Session;
import dev.heliograph.table.NotAcknowledgedException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The real worker on a machine of its own, with all but its network. */
final class SimWorker {
  private static final Duration TICK = Duration.ofSeconds(10);

  private final String name;
  private final Scheduler scheduler;
  private final Map<InstanceId, SimNumber> numbers;
  private final List<SimQueue> queues;
  private final SimHost host;
  private final SimMachine machine;
  private final Threads threads;
  private final WorkerParts parts;
  private Threads.@Nullable Task beats;
  private boolean leaving;

  SimWorker(
      String name,
      Scheduler scheduler,
      Chance chance,
      SimMachine machine,
      FleetStorage fleet,
      Map<InstanceId, SimNumber> numbers,
      List<SimQueue> queues,
      Runnable onDeath) {
    this.name = name;
    this.scheduler = scheduler;
    this.numbers = numbers;
    this.queues = queues;
    this.machine = machine;
    this.host = new SimHost(name);
    this.threads = new SimThreads(scheduler, host, machine);
    this.parts =
        new WorkerParts(
            name,
            queues.size(),
            fleet,
            threads,
            machine,
            chance.random(),
            TICK,
            this::session,
            onConnected -> new SimMailbox(scheduler, new SimClock(scheduler), chance, onConnected),
            this::bell,
            onDeath);
  }

  String name() {
    return name;
  }

  void start() {
    scheduler.trace(name, "starts");
    beats = threads.start("beats", parts::run);
  }

  private Runnable bell(int shard, BooleanSupplier isHeld) {
    return () ->
        queues.get(shard).listen(isHeld, (id, messages) -> parts.ring(shard, Map.of(id, messages)));
  }

  private Session.End session(InstanceId id, int shard, Mailbox mailbox)
      throws InterruptedException {
    SimNumber number = requireNonNull(numbers.get(id));
    SessionStorage storage = number.storage(name, machine);
    try {
      Optional<Instance> row = storage.instance();
      Session.End end =
          number.run(
              name,
              row.orElseThrow(),
              storage,
              mailbox,
              parts.epochs(shard),
              machine,
              LeaseSettings.DEFAULT.lease());
      scheduler.trace("session ends: " + end);
      return end;
    } catch (NotAcknowledgedException unheard) {
      return Session.End.LOST;
    }
  }

  /** Kills it where it stands. */
  void kill() {
    scheduler.trace(name, "IS KILLED");
    scheduler.kill(host);
    numbers.values().forEach(number -> number.whatsApp().crashed(name));
  }

  /** Has it stand still, and not know it. */
  void freeze(Duration time) {
    scheduler.trace(name, "STANDS STILL for " + time);
    scheduler.freeze(host, time);
  }

  /** Asks it to give everything up and end. */
  void leave() {
    if (!leaving) {
      leaving = true;
      scheduler.trace(name, "IS ASKED TO END");
      threads.start("end", this::end);
    }
  }

  private void end() throws InterruptedException {
    parts.leave(requireNonNull(beats));
    scheduler.trace("has left");
    host.die();
  }

  /** Whether it runs, and is not about to end. */
  boolean isUp() {
    return !host.isDead() && !leaving;
  }

  boolean isDead() {
    return host.isDead();
  }

  /** Whether it works on a shard. */
  boolean holds(int shard) {
    return parts.epochs(shard).current() > 0;
  }
}
