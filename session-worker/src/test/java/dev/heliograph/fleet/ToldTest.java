package dev.heliograph.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.instance.InstanceId;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ToldTest {
  private static final InstanceId INSTANCE = new InstanceId("inst_01ARZ3NDEKTSV4RRFFQ69G5FAV");
  private static final Instant LOOKED = Instant.parse("2026-05-01T12:00:00Z");

  private final Told told = new Told(LOOKED);

  @Test
  void ofAnInstanceOfWhichNothingWaitedThereIsNothingOlder() {
    assertThat(told.upTo(INSTANCE, 7)).isEqualTo(LOOKED);
    assertThat(told.upTo(INSTANCE, 0)).isEqualTo(LOOKED);
  }

  @Test
  void aSessionKnowsWhatItWasTold() {
    told.tell(INSTANCE, LOOKED.plusSeconds(1), 7);

    assertThat(told.upTo(INSTANCE, 7)).isEqualTo(LOOKED.plusSeconds(1));
  }

  @Test
  void theNextSessionKnowsNothingOfIt() {
    told.tell(INSTANCE, LOOKED, 7);

    assertThat(told.upTo(INSTANCE, 8)).isEqualTo(Instant.EPOCH);
  }

  @Test
  void whatNoSessionWasThereToHearIsNotKnown() {
    told.tell(INSTANCE, LOOKED, 0);

    assertThat(told.upTo(INSTANCE, 0)).isEqualTo(Instant.EPOCH);
    assertThat(told.upTo(INSTANCE, 7)).isEqualTo(Instant.EPOCH);
  }
}
