package dev.heliograph.local.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A new version: every worker is replaced, one after the other, while texts flow both ways. */
@Tag("slow")
class DeployTest extends WithWorkers {
  private static final int WORKERS = 3;
  private static final int NUMBERS = 3;

  private static final Duration PACE_OF_EACH = Duration.ofMillis(1200);

  private static final int TERMINATED = 143; // 128 + SIGTERM: nothing hung, nothing crashed

  @Test
  void aDeployIsNobodysEvent() throws IOException {
    List<String> old = new ArrayList<>();
    for (int number = 1; number <= WORKERS; number++) {
      old.add(startWorker("old-" + number));
    }
    List<Traffic> traffics = new ArrayList<>();
    for (int number = 1; number <= NUMBERS; number++) {
      traffics.add(Traffic.start(customer(), PACE_OF_EACH));
    }

    for (int number = 1; number <= WORKERS; number++) {
      traffics.forEach(Traffic::awaitFlow);
      replace(old.get(number - 1), "new-" + number, number % 2 == 0);
      traffics.forEach(it -> customer().awaitStatus(it.instance(), "connected"));
    }
    traffics.forEach(Traffic::awaitFlow);
    traffics.forEach(Traffic::end);

    for (Traffic traffic : traffics) {
      traffic.check();
      assertThat(customer().webhooks().types(traffic.instance()))
          .filteredOn(type -> type.startsWith("instance."))
          .containsExactlyElementsOf(EndToEnd.UNTIL_CONNECTED);
    }
  }

  /**
   * Replaces a worker.
   *
   * @param afterwards whether the new one is started when the old one has ended, or before
   */
  private void replace(String old, String name, boolean afterwards) {
    if (!afterwards) {
      startWorker(name);
    }
    assertThat(worker(old).stop()).isEqualTo(TERMINATED);
    if (afterwards) {
      startWorker(name);
    }
  }
}
