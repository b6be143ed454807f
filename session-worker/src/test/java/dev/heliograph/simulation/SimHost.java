package dev.heliograph.simulation;

/**
 * What processes run on: they die with it, and stand still with it. Only {@link Scheduler} calls
 * it.
 */
final class SimHost {
  private final String name;
  private boolean dead;
  private long frozenUntil;

  SimHost(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  boolean isDead() {
    return dead;
  }

  void die() {
    dead = true;
    frozenUntil = 0;
  }

  void freeze(long until) {
    frozenUntil = Math.max(frozenUntil, until);
  }

  long frozenUntil() {
    return frozenUntil;
  }
}
