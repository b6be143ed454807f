package dev.heliograph.whatsapp.socket;

import java.time.Duration;

/**
 * How a connection finds out that it is dead.
 *
 * @param least the shortest time between two pings; drawn anew for each
 * @param most the longest time between two pings
 * @param patience how long no whole frame at all may come after a ping, and how late one may be
 */
public record Keepalive(Duration least, Duration most, Duration patience) {
  public static final Keepalive DEFAULT =
      new Keepalive(Duration.ofSeconds(20), Duration.ofSeconds(30), Duration.ofSeconds(20));

  public Keepalive {
    if (!least.isPositive() || most.compareTo(least) < 0 || !patience.isPositive()) {
      throw new IllegalArgumentException("not a keepalive");
    }
  }
}
