package dev.heliograph.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.bench.BenchFolder;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A short run, in which each kind of fault happens. Data and logs stay in {@code target}. */
@Tag("slow")
class ChaosTest {
  private static final Path FOLDER = Path.of("target", "chaos");
  private static final long SEED = 7;

  @Test
  void nothingIsLostDoubledOrNoticed() throws Exception {
    BenchFolder.clear(FOLDER);
    int sessions = 10;
    int workers = 2;

    ChaosResult result =
        ChaosRun.run(
            new ChaosOptions(
                FOLDER,
                sessions,
                workers,
                Duration.ofSeconds(60),
                Duration.ofSeconds(5),
                Duration.ofSeconds(9),
                SEED,
                true,
                0.05,
                5,
                0));

    assertThat(result.findings()).as("%s", result.table()).isEmpty();
    assertThat(result.defects()).as("%s", result.table()).isEmpty();
    assertThat(result.faults())
        .extracting(done -> done.fault().getClass().getSimpleName())
        .contains("Killed", "Terminated", "Frozen", "LinksCut", "BrownOut", "BlackOut");
    assertThat(result.takeovers().sorted()).isNotEmpty();
  }
}
