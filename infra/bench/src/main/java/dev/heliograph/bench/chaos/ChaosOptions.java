package dev.heliograph.bench.chaos;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * What a run is to be like.
 *
 * @param folder for data and logs; not there, or empty
 * @param dedup whether the server drops a message that comes again under its id
 * @param ackLoss the probability that the server keeps a message's ack to itself
 * @param rate texts per second, both ways together
 * @param baileys how many of the phones at the other end have Baileys as a companion
 */
public record ChaosOptions(
    Path folder,
    int sessions,
    int workers,
    Duration lasting,
    Duration shortestPause,
    Duration longestPause,
    long seed,
    boolean dedup,
    double ackLoss,
    double rate,
    int baileys) {

  /**
   * Refuses what makes no run.
   *
   * @throws IllegalArgumentException saying which option is out of its range
   */
  public ChaosOptions {
    require(sessions > 0, "--sessions must be at least 1");
    require(workers > 0, "--workers must be at least 1");
    require(lasting.isPositive(), "--minutes must be more than 0");
    require(ackLoss >= 0 && ackLoss <= 1, "--ack-loss must be from 0 to 1");
    require(rate > 0, "--rate must be more than 0");
    require(
        baileys >= 0 && baileys <= friends(sessions),
        "--baileys must be from 0 to %d, as many as there are phones at the other end"
            .formatted(friends(sessions)));
  }

  private static void require(boolean isSo, String rule) {
    if (!isSo) throw new IllegalArgumentException(rule);
  }

  private static int friends(int sessions) {
    return Math.max(2, sessions / 5);
  }

  /** How many phones there are at the other end. */
  int friends() {
    return friends(sessions);
  }

  /** What asks for the same, but for the folder and the pauses. */
  String command() {
    return String.format(
        Locale.ROOT,
        "chaos --sessions %d --workers %d --minutes %s --seed %d --dedup %s --ack-loss %s --rate %s"
            + " --baileys %d",
        sessions,
        workers,
        plain(lasting.toSeconds() / 60.0),
        seed,
        dedup ? "on" : "off",
        plain(ackLoss),
        plain(rate),
        baileys);
  }

  /** Such as {@code 10} or {@code 0.05}. */
  private static String plain(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }
}
