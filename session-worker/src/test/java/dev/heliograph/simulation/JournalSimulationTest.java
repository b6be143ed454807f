package dev.heliograph.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class JournalSimulationTest {
  private static final String NAME = "the simulation of the journal";

  @Test
  void everyRuleOfTheJournalHoldsWhateverGoesWrong() {
    Seeds.hold(NAME, 200, seed -> new JournalSimulation(seed, Lie.NONE).run());
  }

  @Test
  @Tag("slow")
  void everyRuleOfTheJournalHoldsForThousandsOfSeeds() {
    Seeds.hold(NAME, 5_000, seed -> new JournalSimulation(seed, Lie.NONE).run());
  }

  @Test
  void theSameSeedRunsTheSameAgain() {
    for (long seed = 1; seed <= 10; seed++) {
      Seeds.Outcome once = new JournalSimulation(seed, Lie.NONE).run();
      Seeds.Outcome again = new JournalSimulation(seed, Lie.NONE).run();

      assertThat(again.trace().hash()).isEqualTo(once.trace().hash());
    }
  }
}
