package dev.heliograph.simulation;

import dev.heliograph.table.ThrottledException;
import dev.heliograph.table.UnansweredException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What lies between a process and its tables: calls and answers get lost, come late (after the
 * caller's crash, a take-over, a wipe) or twice.
 */
final class UnreliableNetwork {
  /** As the journal's client has it. */
  private static final Duration ATTEMPT = Duration.ofMillis(500);

  private final Scheduler scheduler;
  private final Chance chance;
  private final Supplier<Weather> weather;

  private final SimMachine machine;

  UnreliableNetwork(
      Scheduler scheduler, Chance chance, Supplier<Weather> weather, SimMachine machine) {
    this.scheduler = scheduler;
    this.chance = chance;
    this.weather = weather;
    this.machine = machine;
  }

  private static final class Answer<T> {
    private @Nullable T value;
    private Instant stamped = SimClock.BEGINNING;
  }

  /** One attempt of a call that reads. */
  <T> T read(Supplier<T> call) {
    return call("", call);
  }

  /** One attempt of a call that writes. */
  void write(String what, Runnable call) {
    call(
        what,
        () -> {
          call.run();
          return true;
        });
  }

  /**
   * One attempt.
   *
   * @param what it writes; empty if it reads
   */
  <T> T call(String what, Supplier<T> call) {
    scheduler.checkAlive();
    if (Thread.currentThread().isInterrupted()) {
      throw new UnansweredException(new InterruptedException());
    }
    Weather now = weather.get();
    boolean writes = !what.isEmpty();
    if (chance.in1000(now.throttled())) {
      scheduler.waitFor(now.journey(chance));
      trace(what, "throttled");
      throw new ThrottledException(new IllegalStateException());
    }
    if (chance.in1000(now.lost())) {
      trace(what, "is lost");
      throw unanswered();
    }
    boolean late = writes && chance.in1000(now.late());
    boolean twice = writes && chance.in1000(now.twice());
    boolean answerLost = chance.in1000(now.answerLost());
    Instant sent = machine.machineTime();
    Duration there = late ? now.odyssey(chance) : now.journey(chance);
    Answer<T> answer = new Answer<>();
    String caller = String.valueOf(scheduler.running());
    scheduler.after(there, () -> happen(caller, what, call, answer));
    if (twice) {
      scheduler.after(
          now.odyssey(chance), () -> happen(caller, what + " (again)", call, new Answer<>()));
    }
    if (late || answerLost) {
      throw unanswered();
    }
    scheduler.waitFor(there.plus(now.journey(chance)).plus(pause(now)));
    T value = answer.value;
    if (value == null) {
      throw unanswered(); // interrupted before it came
    }
    machine.answered(sent, answer.stamped);
    return value;
  }

  /** The process stands still, and does not know it. */
  private Duration pause(Weather now) {
    return chance.in1000(now.pause()) ? now.standstill(chance) : Duration.ZERO;
  }

  private UnansweredException unanswered() {
    scheduler.waitFor(ATTEMPT);
    return new UnansweredException(new IllegalStateException());
  }

  private <T> void happen(String caller, String what, Supplier<T> call, Answer<T> answer) {
    answer.value = call.get();
    answer.stamped = new SimClock(scheduler).now();
    if (!what.isEmpty()) {
      Object told =
          answer.value instanceof Optional<?> there && there.isPresent() ? there.get() : "";
      scheduler.trace(caller, what + (told.equals("") ? "" : ": refused, there is " + told));
    }
  }

  private void trace(String what, String fate) {
    if (!what.isEmpty()) {
      scheduler.trace(what + " " + fate);
    }
  }
}
