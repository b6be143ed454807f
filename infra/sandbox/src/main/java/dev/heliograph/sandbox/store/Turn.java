package dev.heliograph.sandbox.store;

import java.util.ArrayList;
import java.util.List;

/**
 * One piece of work on the database. What it tells the world waits until what it wrote is durable.
 */
public final class Turn {
  private final List<Runnable> effects = new ArrayList<>();

  Turn() {}

  /**
   * Runs after the commit, in the order of these calls across all turns; never, if the turn fails.
   */
  public void afterCommit(Runnable effect) {
    effects.add(effect);
  }

  List<Runnable> effects() {
    return effects;
  }
}
