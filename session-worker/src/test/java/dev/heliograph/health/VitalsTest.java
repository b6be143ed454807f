package dev.heliograph.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.health.Vitals.Unready;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class VitalsTest {
  private static final Duration LEASE = Duration.ofSeconds(4);

  private final AtomicLong nanos = new AtomicLong(-7);
  private final Vitals vitals = new Vitals(LEASE, nanos::get);

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void isReadyFromTheFirstGoodBeat() {
    assertThat(vitals.unready()).contains(Unready.STARTING);
    assertThat(vitals.isAlive()).isTrue();

    vitals.beaten(false);
    assertThat(vitals.unready()).contains(Unready.BEAT_MISSED);
    vitals.beaten(true);
    assertThat(vitals.unready()).isEmpty();
  }

  @Test
  void aBeatCountsForALease() {
    vitals.beaten(true);

    pass(LEASE);
    assertThat(vitals.unready()).isEmpty();
    pass(Duration.ofNanos(1));
    assertThat(vitals.unready()).contains(Unready.BEAT_MISSED);
  }

  @Test
  void livesAsLongAsItBeatsEvenInVain() {
    for (int i = 0; i < 100; i++) {
      vitals.beaten(false);
      pass(Duration.ofSeconds(29));
      assertThat(vitals.isAlive()).isTrue();
    }
    pass(Duration.ofSeconds(1));
    assertThat(vitals.isAlive()).isFalse();
  }

  @Test
  void aLoopThatNeverBeganIsNotAlive() {
    pass(Duration.ofSeconds(30));

    assertThat(vitals.isAlive()).isFalse();
  }

  @Test
  void aShardWhoseTickWasMissedIsMissedUntilItTicksOrGoes() {
    vitals.beaten(true);
    vitals.ticked(1, false);
    vitals.ticked(2, false);
    vitals.ticked(3, true);
    assertThat(vitals.unready()).contains(Unready.TICK_MISSED);

    vitals.ticked(1, true);
    assertThat(vitals.unready()).contains(Unready.TICK_MISSED);
    vitals.gone(2);
    assertThat(vitals.unready()).isEmpty();
  }

  @Test
  void oneThatShutsDownIsNotReadyAndLeftAlone() {
    vitals.beaten(true);
    vitals.ending();

    assertThat(vitals.unready()).contains(Unready.SHUTTING_DOWN);
    pass(Duration.ofHours(1));
    assertThat(vitals.isAlive()).isTrue();
  }

  @Test
  void oneThatOthersHaveReplacedIsNeitherReadyNorAlive() {
    vitals.beaten(true);
    vitals.dead();

    assertThat(vitals.unready()).contains(Unready.DECLARED_DEAD);
    assertThat(vitals.isAlive()).isFalse();
  }
}
