package dev.heliograph.bench.chaos;

import dev.heliograph.bench.deployment.Weather;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * Which fault follows when: the same for the same seed. Each kind comes once, kills twice, before
 * any comes again.
 */
final class FaultPlan {
  private static final List<Weather> BAD =
      List.of(Weather.THROTTLED, Weather.ANSWERS_LOST, Weather.STALLED);

  private final Random random;
  private final Duration shortestPause;
  private final Duration longestPause;
  private final Deque<Kind> bag = new ArrayDeque<>();

  private enum Kind {
    KILL,
    KILL_AGAIN,
    TERMINATE,
    FREEZE,
    CUT,
    BROWN_OUT,
    BLACK_OUT
  }

  /** A fault, and how long after the one before it. */
  record Planned(Duration after, Fault fault) {}

  FaultPlan(long seed, Duration shortestPause, Duration longestPause) {
    random = new Random(seed);
    this.shortestPause = shortestPause;
    this.longestPause = longestPause;
  }

  Planned next() {
    return new Planned(between(shortestPause, longestPause), fault(draw()));
  }

  private Kind draw() {
    if (bag.isEmpty()) {
      List<Kind> kinds = new ArrayList<>(List.of(Kind.values()));
      Collections.shuffle(kinds, random);
      bag.addAll(kinds);
    }
    return bag.remove();
  }

  private Fault fault(Kind kind) {
    return switch (kind) {
      case KILL, KILL_AGAIN -> new Fault.Killed(worker());
      case TERMINATE -> new Fault.Terminated(worker());
      case FREEZE ->
          new Fault.Frozen(worker(), between(Duration.ofSeconds(2), Duration.ofSeconds(60)));
      case CUT -> new Fault.LinksCut(share(), random.nextLong());
      case BROWN_OUT -> new Fault.BrownOut(worker(), bad(), share(), badWeather());
      case BLACK_OUT -> new Fault.BlackOut(bad(), share(), badWeather());
    };
  }

  private int worker() {
    return random.nextInt(1000);
  }

  private Weather bad() {
    return BAD.get(random.nextInt(BAD.size()));
  }

  /** Some, or all. */
  private double share() {
    return random.nextBoolean() ? 1 : 0.2 + 0.6 * random.nextDouble();
  }

  private Duration badWeather() {
    return between(Duration.ofSeconds(1), Duration.ofSeconds(10));
  }

  private Duration between(Duration least, Duration most) {
    return Duration.ofMillis(random.nextLong(least.toMillis(), most.toMillis() + 1));
  }
}
