package dev.heliograph.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Virtual time: a queue of events, and processes of which at most one runs. Nothing happens at the
 * same time, and nothing takes time that was not asked for; so what draws its delays from one seed
 * runs the same again.
 *
 * <p>Whoever gives up the turn runs the events up to the next one that gives it to a process.
 */
final class Scheduler {
  /** More than any run needs whose processes get on. */
  private static final int MOST_EVENTS = 500_000;

  private final Trace trace = new Trace();
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final List<SimProcess> processes = new ArrayList<>();
  private final Semaphore over = new Semaphore(0);

  private long nanos;
  private long until;
  private long numbered;
  private int happened;
  private @Nullable SimProcess running;
  private @Nullable Throwable failure;

  /** What happens at a time: an action, or a process that goes on. */
  static final class Event implements Comparable<Event> {
    private final long at;
    private final long number;
    private final @Nullable Runnable action;
    private final @Nullable SimProcess process;
    private boolean cancelled;

    private Event(long at, long number, @Nullable Runnable action, @Nullable SimProcess process) {
      this.at = at;
      this.number = number;
      this.action = action;
      this.process = process;
    }

    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  /** What a process does. */
  @FunctionalInterface
  interface Body {
    void run() throws InterruptedException;
  }

  Trace trace() {
    return trace;
  }

  /** Notes what happens, as done by whoever runs. */
  void trace(String what) {
    SimProcess current = running;
    trace(current == null ? "" : current.name(), what);
  }

  /** Notes what happens to somebody. */
  void trace(String who, String what) {
    trace.add(nanos, who, what);
  }

  /** What has elapsed. */
  long nanos() {
    return nanos;
  }

  /** The process that runs; null while an event happens. */
  @Nullable SimProcess running() {
    return running;
  }

  /** Has something happen later. It must not wait. */
  void after(Duration delay, Runnable action) {
    add(delay, action, null);
  }

  private Event add(Duration delay, @Nullable Runnable action, @Nullable SimProcess process) {
    Event event = new Event(nanos + delay.toNanos(), numbered++, action, process);
    events.add(event);
    return event;
  }

  SimProcess start(String name, Body body) {
    return start(new SimHost(name), name, body);
  }

  /** Starts a process of a machine, which lives and stands still with it. */
  SimProcess start(SimHost host, String name, Body body) {
    SimProcess[] self = new SimProcess[1];
    SimProcess process = new SimProcess(host, name, () -> live(self[0], body));
    self[0] = process;
    if (failure != null) {
      process.markKilled(); // what the dying still start never lives
    }
    processes.add(process);
    process.wake = add(Duration.ZERO, null, process);
    return process;
  }

  private void live(SimProcess self, Body body) {
    begin(self);
    try {
      if (!self.isKilled()) {
        body.run();
      }
    } catch (Crashed crashed) {
      // As it was to be.
    } catch (InterruptedException interrupted) {
      trace("interrupted");
    } catch (Throwable defect) {
      if (!self.isKilled()) {
        fail(defect);
      }
    }
    self.markEnded();
    SimProcess joiner = self.joiner;
    if (joiner != null) {
      wake(joiner, Duration.ZERO);
    }
    running = null;
    passOn();
  }

  private void begin(SimProcess self) {
    self.awaitTurn();
    self.wake = null;
    running = self;
  }

  /** Kills a process where it stands; what it has asked others for still happens. */
  void kill(SimProcess process) {
    if (process.isAlive()) {
      process.markKilled();
      wake(process, Duration.ZERO);
    }
  }

  /** Kills all processes of a machine, and has none start there any more. */
  void kill(SimHost host) {
    host.die();
    processes.stream().filter(process -> process.isOn(host)).toList().forEach(this::kill);
  }

  /** Has all processes of a machine stand still, and not know it. */
  void freeze(SimHost host, Duration time) {
    host.freeze(nanos + time.toNanos());
  }

  /** Interrupts a process in what it waits for, or in what it will wait for next. */
  void interrupt(SimProcess process) {
    if (process.isAlive()) {
      process.markInterrupted();
      wake(process, Duration.ZERO);
    }
  }

  /** Has a process go on after no more than this. */
  void wake(SimProcess process, Duration delay) {
    Event wake = process.wake;
    if (wake != null && wake.at > nanos + delay.toNanos()) {
      wake.cancelled = true;
      process.wake = add(delay, null, process);
    }
  }

  /** Lets time pass for the running process: less of it if someone {@link #wake}s it. */
  void waitFor(Duration delay) {
    SimProcess self = running;
    if (self == null) {
      throw new IllegalStateException("only a process waits");
    }
    checkAlive();
    self.wake = add(delay, null, self);
    running = null;
    passOn();
    begin(self);
    checkAlive();
  }

  /** Ends the running process here if it was killed: it must have no effect any more. */
  void checkAlive() {
    SimProcess self = running;
    if (self != null && self.isKilled()) {
      throw new Crashed();
    }
  }

  private void passOn() {
    SimProcess next = happenUntilNext();
    if (next == null) {
      over.release();
    } else {
      next.giveTurn();
    }
  }

  private @Nullable SimProcess happenUntilNext() {
    for (Event event = events.peek(); isDue(event); event = events.peek()) {
      events.remove();
      if (!event.cancelled && (failure == null || event.process != null)) {
        nanos = event.at;
        count();
        SimProcess process = event.process;
        if (process != null && process.host().frozenUntil() > nanos && failure == null) {
          process.wake = add(Duration.ofNanos(process.host().frozenUntil() - nanos), null, process);
          continue;
        }
        if (process != null) {
          return process;
        }
        happen(event);
      }
    }
    return null;
  }

  private boolean isDue(@Nullable Event event) {
    return event != null && (failure != null || event.at <= until);
  }

  private void count() {
    if (++happened == MOST_EVENTS) {
      fail(new AssertionError("this comes to no end"));
    }
  }

  private void happen(Event event) {
    try {
      if (event.action != null) {
        event.action.run();
      }
    } catch (Throwable defect) {
      fail(defect);
    }
  }

  /** Ends the run: every process is killed, and nothing more happens. */
  void fail(Throwable defect) {
    if (failure == null) {
      failure = defect;
      processes.forEach(this::kill);
    }
  }

  /**
   * Lets happen what happens in this time from now. May be called again, but not after a failure.
   *
   * @return why the run has failed, if it has
   */
  @Nullable Throwable run(Duration time) {
    until = nanos + time.toNanos();
    passOn();
    over.acquireUninterruptibly();
    nanos = Math.max(nanos, until);
    return failure;
  }

  /** Ends all processes, so that no thread of theirs stays behind. */
  void close() {
    fail(new Crashed());
    passOn();
    over.acquireUninterruptibly();
  }
}
