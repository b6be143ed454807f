package dev.heliograph.simulation;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One process: a thread that runs when it has the turn, and gives it on at each of its waiting
 * points. Only {@link Scheduler} calls it.
 */
final class SimProcess {
  private final SimHost host;
  private final String name;
  private final Thread thread;
  private volatile boolean turn;
  private boolean started;
  private boolean killed;
  private boolean ended;
  private boolean interrupted;

  /** The event that gives it the turn; null while it has it, and when it has ended. */
  Scheduler.@Nullable Event wake;

  /** The one that waits for its end. */
  @Nullable SimProcess joiner;

  SimProcess(SimHost host, String name, Runnable body) {
    this.host = host;
    this.name = name;
    // What is simulated is made for virtual threads; and switching between them is cheap.
    this.thread = Thread.ofVirtual().name("simulated " + name).unstarted(body);
  }

  String name() {
    return name;
  }

  SimHost host() {
    return host;
  }

  boolean isOn(SimHost machine) {
    return host.equals(machine);
  }

  /** Whether it has neither ended nor been killed. */
  boolean isAlive() {
    return !ended && !killed;
  }

  boolean isKilled() {
    return killed;
  }

  boolean hasEnded() {
    return ended;
  }

  void markKilled() {
    killed = true;
  }

  void markEnded() {
    ended = true;
  }

  void markInterrupted() {
    interrupted = true;
  }

  boolean isInterrupted() {
    return interrupted;
  }

  /** Whether it was interrupted since this was asked last. */
  boolean clearInterrupted() {
    boolean was = interrupted;
    interrupted = false;
    return was;
  }

  void giveTurn() {
    turn = true;
    if (started) {
      LockSupport.unpark(thread);
    } else {
      started = true;
      thread.start();
    }
  }

  /** On its own thread. */
  void awaitTurn() {
    // A set flag would turn the wait into a busy one.
    boolean flag = Thread.interrupted();
    while (!turn) {
      LockSupport.park(this);
    }
    turn = false;
    if (flag) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
