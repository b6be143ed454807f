package dev.heliograph.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.bench.chaos.ChaosResult.Happened;
import dev.heliograph.bench.deployment.Durations;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ChaosResultTest {
  private static final ChaosOptions OPTIONS =
      new ChaosOptions(
          Path.of("somewhere"),
          200,
          3,
          Duration.ofMinutes(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(20),
          11,
          false,
          0.05,
          2,
          4);

  private static Durations seconds(long... seconds) {
    return new Durations(LongStream.of(seconds).mapToObj(Duration::ofSeconds).toList());
  }

  @Test
  void theTableIsMarkdownUnderItsCommand() {
    ChaosResult result =
        new ChaosResult(
            OPTIONS,
            List.of(Figure.of("texts sent by numbers", 601), Figure.zero("lost", 0)),
            List.of(
                new Happened(Instant.EPOCH, new Fault.Killed(1), seconds(6, 40), seconds(6)),
                new Happened(Instant.EPOCH, new Fault.Killed(2), seconds(8), seconds(8))),
            List.of(),
            List.of());

    assertThat(result.table())
        .isEqualTo(
            """
            `chaos --sessions 200 --workers 3 --minutes 10 --seed 11 --dedup off --ack-loss 0.05 \
            --rate 2 --baileys 4`:

            | what | how many |
            | --- | ---: |
            | texts sent by numbers | 601 |
            | **lost** | 0 |
            | take-over after SIGKILL | p50 8.0 s, p99 40.0 s, max 40.0 s (3) |
            | take-over after SIGKILL, nothing else being wrong; p99 at most 10 s | p50 6.0 s, \
            p99 8.0 s, max 8.0 s (2) |
            """);
  }
}
