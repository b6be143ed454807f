package dev.heliograph.simulation;

import dev.heliograph.fleet.Threads;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The threads of one machine, as processes of the simulation. */
final class SimThreads implements Threads {
  private final Scheduler scheduler;
  private final SimHost host;
  private final SimMachine machine;

  SimThreads(Scheduler scheduler, SimHost host, SimMachine machine) {
    this.scheduler = scheduler;
    this.host = host;
    this.machine = machine;
  }

  private final class SimTask implements Task {
    private final String name;
    private final Body body;
    private @Nullable SimProcess process;

    SimTask(String name, Body body) {
      this.name = name;
      this.body = body;
    }

    @Override
    public void start() {
      if (!host.isDead()) {
        process = scheduler.start(host, host.name() + " " + name, body::run);
      }
    }

    @Override
    public void interrupt() {
      if (process != null) {
        scheduler.interrupt(process);
      }
    }

    @Override
    public boolean join(Duration longest) throws InterruptedException {
      SimProcess joined = process;
      if (joined == null) {
        return true;
      }
      long until = machine.nanos() + longest.toNanos();
      joined.joiner = scheduler.running();
      while (joined.isAlive() && machine.nanos() < until) {
        machine.pause(Duration.ofNanos(until - machine.nanos()));
      }
      return !joined.isAlive();
    }
  }

  @Override
  public Task create(String name, Body body) {
    return new SimTask(shorter(name), body);
  }

  private static String shorter(String name) {
    return name.startsWith("session ") ? "session " + name.substring(name.length() - 1) : name;
  }

  @Override
  public void sleep(Duration time) throws InterruptedException {
    machine.pause(time);
  }
}
