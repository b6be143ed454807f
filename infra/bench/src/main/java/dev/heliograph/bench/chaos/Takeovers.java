package dev.heliograph.bench.chaos;

import dev.heliograph.bench.chaos.FaultLog.Done;
import dev.heliograph.bench.deployment.Connections.Gap;
import dev.heliograph.bench.deployment.Durations;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** From each SIGKILL until each number that it took offline was connected again. */
final class Takeovers {
  /**
   * Sockets close with their process, although a busy machine may be late to say so; the next fault
   * comes later.
   */
  private static final Duration CLOSED_WITHIN = Duration.ofSeconds(4);

  private final FaultLog faults;
  private final List<Gap> gaps;

  Takeovers(FaultLog faults, List<Gap> gaps) {
    this.faults = faults;
    this.gaps = gaps;
  }

  /** All that a fault has caused; none, if it is no kill. */
  Durations of(Done fault) {
    return new Durations(gapsOf(fault).map(gap -> lasting(fault, gap)).toList());
  }

  /** Those during which the kill was the only trouble. */
  Durations undisturbedOf(Done fault) {
    return new Durations(
        gapsOf(fault)
            .filter(gap -> faults.isAlone(fault, gap.until()))
            .map(gap -> lasting(fault, gap))
            .toList());
  }

  private Stream<Gap> gapsOf(Done fault) {
    return fault.fault() instanceof Fault.Killed
        ? gaps.stream().filter(gap -> gap.beganWithin(fault.nanos(), CLOSED_WITHIN))
        : Stream.of();
  }

  private static Duration lasting(Done kill, Gap gap) {
    return Duration.ofNanos(gap.until() - kill.nanos());
  }
}
