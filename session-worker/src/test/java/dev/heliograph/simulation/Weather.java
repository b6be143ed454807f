package dev.heliograph.simulation;

import java.time.Duration;

/**
 * What goes wrong, and how often: of a thousand calls, messages or steps. Each run has its own mix,
 * in which some things never happen, so that others are not drowned.
 *
 * @param lost a call to DynamoDB never arrives
 * @param answerLost it is done, and nobody hears of it
 * @param late it is done, long after its caller has given it up
 * @param twice it is done, and once more later
 * @param throttled it is refused for load
 * @param pause the process stands still for longer than a lease
 */
record Weather(int lost, int answerLost, int late, int twice, int throttled, int pause) {
  /** No call is on its way for longer. */
  static final Duration LONGEST_ODYSSEY = Duration.ofSeconds(95);

  static final Weather FAIR = new Weather(0, 0, 0, 0, 0, 0);

  /** Nobody gets an answer. */
  static final Weather BROWN_OUT = new Weather(700, 300, 200, 0, 0, 0);

  static Weather drawn(Chance chance) {
    return new Weather(
        chance.sometimes(60),
        chance.sometimes(60),
        chance.sometimes(60),
        chance.sometimes(100),
        chance.sometimes(60),
        chance.sometimes(15));
  }

  /** From a call to its effect, where that arrives in time. */
  Duration journey(Chance chance) {
    return chance.millis(1, chance.in1000(100) ? 200 : 8);
  }

  /** From a call to its effect, where its caller knows nothing of it any more. */
  Duration odyssey(Chance chance) {
    return chance.evens() ? chance.millis(500, 5_000) : chance.millis(5_000, 90_000);
  }

  Duration standstill(Chance chance) {
    return chance.millis(500, 15_000);
  }
}
