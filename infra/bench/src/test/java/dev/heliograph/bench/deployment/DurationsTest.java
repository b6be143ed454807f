package dev.heliograph.bench.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DurationsTest {
  @Test
  void aPercentileIsTheTimeThatSoManyDoNotExceed() {
    List<Duration> hundred =
        IntStream.rangeClosed(1, 100).map(i -> 101 - i).mapToObj(Duration::ofSeconds).toList();
    Durations durations = new Durations(hundred);

    assertThat(durations.percentile(50)).isEqualTo(Duration.ofSeconds(50));
    assertThat(durations.percentile(99)).isEqualTo(Duration.ofSeconds(99));
    assertThat(durations.percentile(100)).isEqualTo(Duration.ofSeconds(100));
  }

  @Test
  void oneTimeIsEveryPercentile() {
    assertThat(new Durations(List.of(Duration.ofMillis(4_100))))
        .hasToString("p50 4.1 s, p99 4.1 s, max 4.1 s (1)");
  }

  @Test
  void whereNothingWasMeasuredThereIsNoTime() {
    assertThat(new Durations(List.of())).hasToString("none");
  }
}
