package dev.heliograph.simulation;

import dev.heliograph.message.QueuePlace;
import dev.heliograph.session.Mail;
import dev.heliograph.session.Mailbox;
import dev.heliograph.session.StanzaLoad;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A mailbox in virtual time. */
final class SimMailbox implements Mailbox {
  private final Scheduler scheduler;
  private final SimClock clock;
  private final Chance chance;
  private final Runnable onConnected;
  private final Deque<Mail> queue = new ArrayDeque<>();
  private final Set<QueuePlace> named = new TreeSet<>();
  private @Nullable SimProcess waiting;
  private boolean connected;
  private int polls;

  SimMailbox(Scheduler scheduler, SimClock clock, Chance chance) {
    this(scheduler, clock, chance, () -> {});
  }

  /**
   * One that is empty.
   *
   * @param onConnected called each time WhatsApp has let the session in
   */
  SimMailbox(Scheduler scheduler, SimClock clock, Chance chance, Runnable onConnected) {
    this.onConnected = onConnected;
    this.scheduler = scheduler;
    this.clock = clock;
    this.chance = chance;
  }

  @Override
  public void put(Mail mail) {
    if (mail instanceof Mail.Look(List<QueuePlace> messages)) {
      named.addAll(messages);
      if (queue.stream().noneMatch(Mail.Look.class::isInstance)) {
        queue.add(mail);
      }
    } else {
      queue.add(mail);
    }
    SimProcess process = waiting;
    if (process != null) {
      scheduler.wake(process, Duration.ZERO);
    }
  }

  @Override
  public Optional<Mail> poll(Duration longest) throws InterruptedException {
    polls++;
    clock.pause(Duration.ofNanos(1_000 + chance.below(500_000))); // others get a turn
    long until = scheduler.nanos() + longest.toNanos();
    while (queue.isEmpty() && scheduler.nanos() < until) {
      waiting = scheduler.running();
      try {
        clock.pause(Duration.ofNanos(until - scheduler.nanos()));
      } finally {
        waiting = null;
      }
    }
    return Optional.ofNullable(queue.poll()).map(this::taken);
  }

  private Mail taken(Mail mail) {
    if (!(mail instanceof Mail.Look)) {
      return mail;
    }
    Mail.Look look = new Mail.Look(List.copyOf(named));
    named.clear();
    return look;
  }

  /** How often somebody has asked for the next thing to do. */
  int polls() {
    return polls;
  }

  @Override
  public Optional<Mail.Stanza> pollStanza() {
    return queue.peek() instanceof Mail.Stanza stanza && queue.remove(stanza)
        ? Optional.of(stanza)
        : Optional.empty();
  }

  @Override
  public List<Mail> drain() {
    List<Mail> all = queue.stream().map(this::taken).toList();
    queue.clear();
    return all;
  }

  @Override
  public int size() {
    return queue.size();
  }

  /** What the stanzas that wait take in memory. */
  long weight() {
    return queue.stream()
        .mapToLong(mail -> mail instanceof Mail.Stanza stanza ? stanza.node().weight() : 0)
        .sum();
  }

  private StanzaLoad load() {
    StanzaLoad load = new StanzaLoad();
    queue.forEach(
        mail -> {
          if (mail instanceof Mail.Stanza stanza) {
            load.add(stanza);
          }
        });
    return load;
  }

  @Override
  public boolean isFull() {
    return load().isFull();
  }

  @Override
  public boolean isOverflowing() {
    return load().isOverflowing();
  }

  @Override
  public void setConnected(boolean connected) {
    this.connected = connected;
    if (connected) {
      onConnected.run();
    }
  }

  @Override
  public boolean isConnected() {
    return connected;
  }
}
