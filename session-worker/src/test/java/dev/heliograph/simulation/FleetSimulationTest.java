package dev.heliograph.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.simulation.FleetSimulation.FleetRules;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(QuietLogs.class)
class FleetSimulationTest {
  private static final String NAME = "the simulation of a fleet";

  @Test
  void nothingIsLostOrDoubledWhateverHappensToWorkers() {
    Seeds.hold(NAME, 60, seed -> new FleetSimulation(seed, FleetRules.ALL).run());
  }

  @Test
  @Tag("slow")
  void nothingIsLostOrDoubledForManySeeds() {
    Seeds.hold(NAME, 1_000, seed -> new FleetSimulation(seed, FleetRules.ALL).run());
  }

  @Test
  void theSameSeedRunsTheSameAgain() {
    for (long seed = 1; seed <= 5; seed++) {
      Seeds.Outcome once = new FleetSimulation(seed, FleetRules.ALL).run();
      Seeds.Outcome again = new FleetSimulation(seed, FleetRules.ALL).run();

      assertThat(again.trace().hash()).isEqualTo(once.trace().hash());
    }
  }
}
