package dev.heliograph.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.bench.BenchFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two short runs, between which each kind of fault happens: one with a server that drops what comes
 * again, one with a server that does not, and with Baileys. Data and logs stay in {@code target}.
 */
@Tag("slow")
class ChaosTest {
  private static final Path FOLDER = Path.of("target", "chaos");
  private static final boolean ON = true;
  private static final boolean OFF = false;

  static Stream<Arguments> modes() {
    return Stream.of(
        Arguments.of(ON, 0, 26, 14135, List.of("Frozen", "Terminated", "Killed", "LinksCut")),
        Arguments.of(OFF, 1, 20, 841, List.of("BlackOut", "BrownOut", "Killed")));
  }

  @ParameterizedTest(name = "dedup {0}")
  @MethodSource("modes")
  void nothingIsLostDoubledOrNoticed(
      boolean dedup, int baileys, int seconds, long seed, List<String> faults) throws Exception {
    Path folder = FOLDER.resolve(dedup ? "dedup-on" : "dedup-off");
    BenchFolder.clear(folder);
    int sessions = 10;
    int workers = 2;

    ChaosResult result =
        ChaosRun.run(
            new ChaosOptions(
                folder,
                sessions,
                workers,
                Duration.ofSeconds(seconds),
                Duration.ofSeconds(5),
                Duration.ofSeconds(6),
                seed,
                dedup,
                0.05,
                5,
                baileys));

    assertThat(result.findings()).as("%s", result.table()).isEmpty();
    assertThat(result.defects()).as("%s", result.table()).isEmpty();
    assertThat(result.faults())
        .extracting(done -> done.fault().getClass().getSimpleName())
        .containsExactlyElementsOf(faults);
    assertThat(result.takeovers().sorted()).isNotEmpty();
  }
}
