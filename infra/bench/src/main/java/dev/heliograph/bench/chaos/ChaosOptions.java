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
