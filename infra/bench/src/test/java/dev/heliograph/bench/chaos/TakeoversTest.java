package dev.heliograph.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.bench.chaos.FaultLog.Done;
import dev.heliograph.bench.deployment.Connections.Device;
import dev.heliograph.bench.deployment.Connections.Gap;
import dev.heliograph.bench.deployment.Weather;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A worker is killed after 100 s; a number goes offline with it and is back 6 s later. */
class TakeoversTest {
  private static final Duration KILLED = Duration.ofSeconds(100);
  private static final Duration BACK = Duration.ofSeconds(106);

  /** Any: it may overflow in the middle of a run. */
  private static final long BEGUN = Long.MAX_VALUE - KILLED.toNanos() - 1;

  private final FaultLog faults = new FaultLog();
  private final List<Gap> gaps = new ArrayList<>();
  private final Takeovers takeovers = new Takeovers(faults, gaps);

  private static long nanos(Duration after) {
    return BEGUN + after.toNanos();
  }

  private Done happens(Duration after, Fault fault) {
    Done done = new Done(Instant.EPOCH.plus(after), nanos(after), fault);
    faults.add(done);
    return done;
  }

  private void isOffline(Duration from, Duration until) {
    gaps.add(new Gap(new Device("100001", gaps.size()), nanos(from), nanos(until)));
  }

  private Done kill() {
    Done kill = happens(KILLED, new Fault.Killed(0));
    isOffline(KILLED.plusMillis(50), BACK);
    return kill;
  }

  @Test
  void aTakeoverLastsFromTheKillUntilTheNumberIsBack() {
    Done kill = kill();

    assertThat(takeovers.of(kill).sorted()).containsExactly(Duration.ofSeconds(6));
    assertThat(takeovers.undisturbedOf(kill).sorted()).containsExactly(Duration.ofSeconds(6));
  }

  @Test
  void whatWentOfflineBeforeOrLongAfterIsNotTheKillsDoing() {
    isOffline(KILLED.minusMillis(1), BACK);
    isOffline(KILLED.plusSeconds(4), BACK);
    Done kill = happens(KILLED, new Fault.Killed(0));

    assertThat(takeovers.of(kill).sorted()).isEmpty();
    assertThat(takeovers.undisturbedOf(kill).sorted()).isEmpty();
  }

  @Test
  void onlyAKillIsTakenOverFrom() {
    Done terminated = happens(KILLED, new Fault.Terminated(0));
    isOffline(KILLED.plusMillis(50), BACK);

    assertThat(takeovers.of(terminated).sorted()).isEmpty();
  }

  static Stream<Fault> faultsThatBegin() {
    return Stream.of(
        new Fault.Killed(0),
        new Fault.Killed(1),
        new Fault.Terminated(1),
        new Fault.Frozen(1, Duration.ofSeconds(2)),
        new Fault.BrownOut(1, Weather.THROTTLED, 0.2, Duration.ofSeconds(1)),
        new Fault.BlackOut(Weather.STALLED, 1, Duration.ofSeconds(1)));
  }

  @ParameterizedTest
  @MethodSource("faultsThatBegin")
  void aFaultThatBeginsBeforeTheNumberIsBackDisturbs(Fault fault) {
    Done kill = kill();
    happens(BACK, fault);

    assertThat(takeovers.of(kill).sorted()).hasSize(1);
    assertThat(takeovers.undisturbedOf(kill).sorted()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("faultsThatBegin")
  void aFaultThatBeginsLaterDoesNot(Fault fault) {
    Done kill = kill();
    happens(BACK.plusNanos(1), fault);

    assertThat(takeovers.undisturbedOf(kill).sorted()).hasSize(1);
  }

  static Stream<Fault> faultsOfTenSeconds() {
    Duration ten = Duration.ofSeconds(10);
    return Stream.of(
        new Fault.Frozen(1, ten),
        new Fault.BrownOut(1, Weather.ANSWERS_LOST, 0.2, ten),
        new Fault.BlackOut(Weather.STALLED, 1, ten));
  }

  @ParameterizedTest
  @MethodSource("faultsOfTenSeconds")
  void aFaultThatStillLastsWhenTheWorkerIsKilledDisturbs(Fault fault) {
    happens(KILLED.minusSeconds(10), fault);
    Done kill = kill();

    assertThat(takeovers.undisturbedOf(kill).sorted()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("faultsOfTenSeconds")
  void aFaultThatIsOverByThenDoesNot(Fault fault) {
    happens(KILLED.minusSeconds(10).minusNanos(1), fault);
    Done kill = kill();

    assertThat(takeovers.undisturbedOf(kill).sorted()).hasSize(1);
  }

  @Test
  void aWorkerThatWasKilledOrTerminatedBeforeDoesNotDisturb() {
    happens(KILLED.minusSeconds(10), new Fault.Killed(1));
    happens(KILLED.minusSeconds(5), new Fault.Terminated(1));
    Done kill = kill();

    assertThat(takeovers.undisturbedOf(kill).sorted()).hasSize(1);
  }

  @Test
  void aCutLinkIsNoTroubleOfWorkers() {
    Done kill = kill();
    happens(KILLED.plusSeconds(5), new Fault.LinksCut(1, 7));

    assertThat(takeovers.undisturbedOf(kill).sorted()).hasSize(1);
  }

  @Test
  void aNumberThatIsBackBeforeTheNextFaultIsUndisturbedAlthoughOthersAreNot() {
    Done kill = kill();
    isOffline(KILLED.plusMillis(50), BACK.plusSeconds(2));
    happens(BACK.plusSeconds(1), new Fault.Killed(1));

    assertThat(takeovers.of(kill).sorted()).hasSize(2);
    assertThat(takeovers.undisturbedOf(kill).sorted()).containsExactly(Duration.ofSeconds(6));
  }
}
