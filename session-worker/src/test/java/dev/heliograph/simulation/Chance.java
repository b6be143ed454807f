package dev.heliograph.simulation;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Everything that is left to chance in a run. */
final class Chance {
  private final RandomGenerator random;

  Chance(long seed) {
    this.random = new SplittableRandom(seed);
  }

  RandomGenerator random() {
    return random;
  }

  /** True in so many of a thousand cases. */
  boolean in1000(int cases) {
    return cases > 0 && random.nextInt(1000) < cases;
  }

  /** How many of a thousand, up to {@code most}; in one run out of three none at all. */
  int sometimes(int most) {
    return below(3) == 0 ? 0 : 1 + below(most);
  }

  boolean evens() {
    return random.nextBoolean();
  }

  /** From 0 to {@code bound - 1}. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** Evenly between the two, in steps that make meetings at the same time unlikely. */
  Duration between(Duration shortest, Duration longest) {
    return Duration.ofNanos(random.nextLong(shortest.toNanos(), longest.toNanos() + 1));
  }

  Duration millis(long shortest, long longest) {
    return between(Duration.ofMillis(shortest), Duration.ofMillis(longest));
  }
}
