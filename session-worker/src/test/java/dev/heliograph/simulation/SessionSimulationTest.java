package dev.heliograph.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(QuietLogs.class)
class SessionSimulationTest {
  private static final String NAME = "the simulation of a session";

  @Test
  void nothingIsLostOrDoubledWhateverGoesWrong() {
    Seeds.hold(NAME, 100, seed -> new SessionSimulation(seed, Lie.NONE).run());
  }

  @Test
  @Tag("slow")
  void nothingIsLostOrDoubledForThousandsOfSeeds() {
    Seeds.hold(NAME, 1_000, seed -> new SessionSimulation(seed, Lie.NONE).run());
  }

  @Test
  void theSameSeedRunsTheSameAgain() {
    for (long seed = 1; seed <= 5; seed++) {
      Seeds.Outcome once = new SessionSimulation(seed, Lie.NONE).run();
      Seeds.Outcome again = new SessionSimulation(seed, Lie.NONE).run();

      assertThat(again.trace().hash()).isEqualTo(once.trace().hash());
    }
  }
}
