package dev.heliograph.fleet;

import dev.heliograph.instance.InstanceId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Instances whose sessions have failed: one that fails again and again is opened ever more rarely,
 * or it would do nothing but log in.
 */
final class Defects {
  static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
  static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

  /** A session that has lasted so long does not fail for the reason of the one before. */
  static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(30);

  private final LongSupplier nanos;
  private final RandomGenerator random;
  private final Map<InstanceId, Defect> defects = new HashMap<>();

  /**
   * What is known of an instance.
   *
   * @param inARow how many sessions have failed one after the other
   * @param until when it may be opened again
   */
  private record Defect(int inARow, long until) {}

  Defects(LongSupplier nanos, RandomGenerator random) {
    this.nanos = nanos;
    this.random = random;
  }

  /** A session has failed: how long its instance is to be left alone. */
  Duration failed(InstanceId instance, Duration lasted) {
    Defect before = defects.get(instance);
    boolean hasLasted = lasted.compareTo(FORGOTTEN_AFTER) > 0;
    int inARow = before == null || hasLasted ? 1 : before.inARow() + 1;
    long longest =
        Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(inARow - 1, 20));
    Duration pause = Duration.ofMillis(longest / 2 + random.nextLong(longest / 2 + 1));
    defects.put(instance, new Defect(inARow, nanos.getAsLong() + pause.toNanos()));
    return pause;
  }

  /** A session has come to a good end. */
  void ended(InstanceId instance) {
    defects.remove(instance);
  }

  boolean isLeftAlone(InstanceId instance) {
    Defect defect = defects.get(instance);
    return defect != null && nanos.getAsLong() - defect.until() < 0;
  }
}
