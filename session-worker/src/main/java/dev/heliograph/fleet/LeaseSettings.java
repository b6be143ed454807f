package dev.heliograph.fleet;

import java.time.Duration;

/**
 * How fast a dead worker is noticed.
 *
 * @param beat between two beats of a worker
 * @param lease how long a counter may stand still before others take it for dead
 */
public record LeaseSettings(Duration beat, Duration lease) {
  /** Four seconds, a beat each second. */
  public static final LeaseSettings DEFAULT =
      new LeaseSettings(Duration.ofSeconds(1), Duration.ofSeconds(4));

  public LeaseSettings {
    if (!isSound(beat, lease)) {
      throw new IllegalArgumentException("a lease must be at least three beats");
    }
  }

  /** Whether a beat may be missed without losing everything. */
  static boolean isSound(Duration beat, Duration lease) {
    return beat.multipliedBy(3).compareTo(lease) <= 0;
  }

  /** Past this since its last beat a worker may well be dead. */
  Duration overdue() {
    return beat.multipliedBy(2);
  }

  /**
   * How long a worker keeps what it has taken from a dead one beyond its fair share: what is given
   * up sooner would change hands twice within seconds.
   */
  Duration settled() {
    return lease.multipliedBy(15);
  }

  /** How long a worker has lived that is a newcomer no more. */
  Duration warm() {
    return lease.multipliedBy(10);
  }

  /** Past this since its last good beat a worker starts nothing new. */
  Duration confident() {
    return lease.multipliedBy(2).dividedBy(3);
  }
}
