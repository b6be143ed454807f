package dev.heliograph.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SteadyTimeTest {
  private static final Instant BEGUN = Instant.parse("2026-03-01T12:00:00Z");

  private Instant machine = BEGUN;
  private long nanos = Long.MAX_VALUE - 1; // it may well overflow
  private final SteadyTime time = new SteadyTime(() -> machine, () -> nanos);

  @Test
  void goesOnFromWhatTheMachineSaid() {
    nanos += Duration.ofSeconds(90).toNanos();

    assertThat(time.instant()).isEqualTo(BEGUN.plusSeconds(90));
  }

  @Test
  void isNotSetWithTheMachine() {
    machine = BEGUN.plus(Duration.ofHours(1));

    assertThat(time.instant()).isEqualTo(BEGUN);
  }
}
