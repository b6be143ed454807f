package dev.heliograph.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FaultPlanTest {
  private static final Duration SHORTEST = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofSeconds(20);

  private static List<FaultPlan.Planned> first(int faults, long seed) {
    FaultPlan plan = new FaultPlan(seed, SHORTEST, LONGEST);
    return Stream.generate(plan::next).limit(faults).toList();
  }

  @Test
  void aSeedIsAlwaysTheSamePlan() {
    assertThat(first(50, 3)).isEqualTo(first(50, 3)).isNotEqualTo(first(50, 4));
  }

  @Test
  void eachKindComesBeforeAnyComesAThirdTime() {
    assertThat(first(7, 3).stream().map(planned -> planned.fault().getClass().getSimpleName()))
        .containsExactlyInAnyOrder(
            "Killed", "Killed", "Terminated", "Frozen", "LinksCut", "BrownOut", "BlackOut");
  }

  @Test
  void faultsComeAtTheirPace() {
    assertThat(first(200, 3))
        .extracting(FaultPlan.Planned::after)
        .allMatch(after -> after.compareTo(SHORTEST) >= 0 && after.compareTo(LONGEST) <= 0);
  }
}
