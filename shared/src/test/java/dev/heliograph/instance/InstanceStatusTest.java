package dev.heliograph.instance;

import static dev.heliograph.instance.InstanceStatus.CONNECTED;
import static dev.heliograph.instance.InstanceStatus.CONNECTING;
import static dev.heliograph.instance.InstanceStatus.DISCONNECTED;
import static dev.heliograph.instance.InstanceStatus.FAILED;
import static dev.heliograph.instance.InstanceStatus.PENDING;
import static dev.heliograph.instance.InstanceStatus.QR;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class InstanceStatusTest {
  @ParameterizedTest
  @EnumSource
  void aTransitionIsOneToAnotherStatus(InstanceStatus status) {
    assertThat(status.mayFollow(status)).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void allAreReachedFromTheBeginningAndLeadBackThere(InstanceStatus status) {
    assertThat(reachableFrom(PENDING)).contains(status);
    assertThat(reachableFrom(status)).contains(PENDING);
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"PENDING", "FAILED"})
  void whateverRunsCanFailAndCanBeReset(InstanceStatus status) {
    assertThat(FAILED.mayFollow(status)).isTrue();
    assertThat(PENDING.mayFollow(status)).isTrue();
  }

  @Test
  void nothingFailsThatNobodyHasStarted() {
    assertThat(FAILED.mayFollow(PENDING)).isFalse();
  }

  @Test
  void whatIsConnectedWasConnectingBeforeAndNeverJumpsBack() {
    assertThat(CONNECTED.predecessors()).containsExactly(CONNECTING);
    assertThat(CONNECTING.mayFollow(CONNECTED)).isFalse();
  }

  @Test
  void aCodeIsShownOnTheWayToAConnectionOnly() {
    assertThat(QR.predecessors()).containsExactly(CONNECTING);
    assertThat(DISCONNECTED.mayFollow(QR)).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void itsWireNameReadsBack(InstanceStatus status) {
    assertThat(InstanceStatus.fromWire(status.wire())).isEqualTo(status);
  }

  @ParameterizedTest
  @EnumSource
  void aReasonsWireNameReadsBack(StatusReason reason) {
    assertThat(StatusReason.fromWire(reason.wire())).isEqualTo(reason);
  }

  @ParameterizedTest
  @EnumSource
  void aWishsWireNameReadsBack(Desired desired) {
    assertThat(Desired.fromWire(desired.wire())).isEqualTo(desired);
  }

  private static Set<InstanceStatus> reachableFrom(InstanceStatus start) {
    Set<InstanceStatus> reached = EnumSet.of(start);
    boolean grown = true;
    while (grown) {
      Set<InstanceStatus> before = EnumSet.copyOf(reached);
      grown =
          reached.addAll(
              Arrays.stream(InstanceStatus.values())
                  .filter(next -> before.stream().anyMatch(next::mayFollow))
                  .toList());
    }
    return reached;
  }
}
