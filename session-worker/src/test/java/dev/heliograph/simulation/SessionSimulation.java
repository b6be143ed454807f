package dev.heliograph.simulation;

import static dev.heliograph.simulation.Witness.check;

import dev.heliograph.instance.Instance;
import dev.heliograph.journal.SessionStorage;
import dev.heliograph.message.QueuePlace;
import dev.heliograph.message.QueuedMessage;
import dev.heliograph.session.Epochs;
import dev.heliograph.session.Mail;
import dev.heliograph.session.Session;
import dev.heliograph.table.NotAcknowledgedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One run of the real session: owners of a shard that come and go, and one number. First everything
 * goes wrong, then nothing does, and in the end everything must have come to its end.
 */
final class SessionSimulation {
  private static final Duration STORMY = Duration.ofSeconds(200);
  private static final Duration QUIET = Duration.ofMinutes(25);
  private static final Duration TICK = Duration.ofSeconds(30);
  private static final Duration LEASE = Duration.ofSeconds(4);

  private final Chance chance;
  private final Scheduler scheduler = new Scheduler();
  private final SimClock clock = new SimClock(scheduler);
  private final SimNumber number;
  private final List<Owner> owners = new ArrayList<>();

  private Weather weather;
  private WireWeather wireWeather;
  private Owner named;
  private long epoch;

  /** Somebody who owns the shard, or believes so. */
  private final class Owner implements Epochs {
    private final String name = "owner-" + (owners.size() + 1);
    private final SimMailbox mailbox = new SimMailbox(scheduler, clock, chance);
    private long mine = ++epoch;
    private @Nullable SimProcess process;

    void start() {
      scheduler.trace(name, "takes over in epoch " + mine);
      process = scheduler.start(name, this::run);
    }

    /** As a worker runs the sessions of an instance, one after the other. */
    private void run() throws InterruptedException {
      mailbox.put(new Mail.Look(List.of()));
      while (true) {
        switch (runSession()) {
          case AT_REST -> scheduler.trace("is at rest");
          case LOST -> {
            scheduler.trace("has lost it");
            clock.pause(chance.millis(1_000, 2_000));
            mailbox.put(new Mail.Look(List.of()));
          }
          case NOT_OURS -> scheduler.trace("does not own it");
        }
        if (isReleased || named != this) {
          return;
        }
        mailbox.put(new Mail.Look(awaitLook()));
      }
    }

    /** What the session before did not look at, or a ring. */
    private List<QueuePlace> awaitLook() throws InterruptedException {
      List<QueuePlace> messages = new ArrayList<>();
      boolean looks = false;
      while (!looks) {
        mailbox.poll(Duration.ofHours(1)).ifPresent(mailbox::put);
        for (Mail mail : mailbox.drain()) {
          if (mail instanceof Mail.Look(List<QueuePlace> named)) {
            looks = true;
            messages.addAll(named);
          }
        }
      }
      return messages;
    }

    private boolean isReleased;

    void release() {
      isReleased = true;
      mailbox.put(new Mail.Release());
    }

    private Session.End runSession() throws InterruptedException {
      SessionStorage storage = number.storage(name, SimMachine.exact(scheduler));
      return number.run(name, row(storage), storage, mailbox, this, clock, LEASE);
    }

    private Instance row(SessionStorage storage) throws InterruptedException {
      while (true) {
        try {
          return storage.instance().orElseThrow();
        } catch (NotAcknowledgedException again) {
          clock.pause(Duration.ofMillis(500));
        }
      }
    }

    @Override
    public long current() {
      return mine;
    }

    @Override
    public Optional<Long> raiseAbove(long met) {
      scheduler.waitFor(chance.millis(1, 20));
      if (named != this) {
        return Optional.empty();
      }
      epoch = Math.max(epoch, met + 1);
      mine = epoch;
      return Optional.of(mine);
    }

    boolean isAlive() {
      return process != null && process.isAlive();
    }
  }

  SessionSimulation(long seed, Lie lie) {
    this.chance = new Chance(seed);
    this.weather = Weather.drawn(chance);
    this.wireWeather = WireWeather.drawn(chance);
    this.number =
        new SimNumber(
            0, 0, lie, scheduler, chance, () -> weather, () -> wireWeather, STORMY, this::ring);
    this.named = new Owner();
  }

  Seeds.Outcome run() {
    try {
      owners.add(named);
      named.start();
      number.begin();
      ticks();
      scheduler.after(chance.millis(5_000, 40_000), this::disturb);
      Throwable failure = scheduler.run(STORMY);
      if (failure == null) {
        weather = Weather.FAIR;
        wireWeather = WireWeather.FAIR;
        failure = scheduler.run(Weather.LONGEST_ODYSSEY);
      }
      if (failure == null) {
        quiet();
        failure = scheduler.run(QUIET);
      }
      if (failure == null) {
        number.checkLive();
        named.release();
        failure = scheduler.run(Duration.ofMinutes(2));
      }
      if (failure == null) {
        check(!named.isAlive(), "the last owner has not come to an end");
        number.checkEnd();
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

  /** Tells the owner where to look; whoever owned the shard once may hear it too. */
  private void ring(List<QueuePlace> messages) {
    if (chance.in1000(wireWeather.ringLost())) {
      return;
    }
    scheduler.after(chance.millis(5, 500), () -> look(named, messages));
    if (chance.in1000(wireWeather.ringTwice())) {
      scheduler.after(chance.millis(5, 5_000), () -> look(chance.oneOf(owners), messages));
    }
  }

  private void look(Owner owner, List<QueuePlace> messages) {
    List<QueuePlace> all =
        Stream.concat(number.queued().stream().map(QueuedMessage::place), messages.stream())
            .toList();
    owner.mailbox.put(new Mail.Look(all));
  }

  private void ticks() {
    look(named, List.of());
    if (chance.in1000(wireWeather.ringTwice())) {
      look(chance.oneOf(owners), List.of());
    }
    scheduler.after(TICK, this::ticks);
  }

  // The others

  /** Crashes, take-overs from those who do not know of it, hand-overs. */
  private void disturb() {
    if (!isStormy()) {
      return;
    }
    if (chance.in1000(wireWeather.trouble())) {
      number.whatsApp().endStream();
    }
    Owner owner = named;
    int what = chance.below(100);
    if (what < 40) {
      kill(owner);
      scheduler.after(chance.millis(10, 5_000), this::takeOver);
    } else if (what < 75) {
      takeOver();
    } else if (what < 90) {
      owner.release();
      scheduler.after(chance.millis(10, 2_000), this::takeOver);
    } else if (owner.process != null) {
      scheduler.interrupt(owner.process);
      takeOver();
    }
    scheduler.after(chance.millis(5_000, 60_000), this::disturb);
  }

  private void kill(Owner owner) {
    scheduler.trace(owner.name, "CRASHES");
    if (owner.process != null) {
      scheduler.kill(owner.process);
    }
    number.whatsApp().crashed(owner.name);
  }

  private void takeOver() {
    Owner next = new Owner();
    owners.add(next);
    named = next;
    next.start();
  }

  // The end

  private void quiet() {
    if (chance.evens()) {
      owners.forEach(this::kill); // whoever slept as long as an entry lives was declared dead
      number.expire();
    }
    takeOver();
    number.calm();
  }
}
