package dev.heliograph.local.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.fleet.ShardRow;
import dev.heliograph.table.Queues;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two workers that are told to own the same shard: the one that has it learns only from its next
 * beat that it has it no more, and works on meanwhile. That nothing of it counts any more, once the
 * other has opened the journal, WhatsApp sees best: whatever left without being in the journal has
 * used a ratchet step that the other one uses too.
 */
@Tag("slow")
class TwoOwnersTest extends WithWorkers {
  private static final int TIMES = 6;

  private List<String> workers;

  @BeforeEach
  void startWorkers() {
    workers = List.of(startWorker("one"), startWorker("other"));
  }

  @Test
  void anOwnerThatIsReplacedAppendsAndSendsNothingMore() throws IOException {
    Traffic traffic = Traffic.start(customer(), PACE);
    int shard = shardOf(traffic.instance());

    for (int time = 1; time <= TIMES; time++) {
      traffic.awaitFlow();
      await().until(() -> replaceOwner(shard));
    }
    traffic.awaitFlow();
    traffic.end();

    traffic.check();
  }

  /** It cannot be while the workers themselves hand the shard over. */
  private boolean replaceOwner(int shard) {
    ShardRow row = fleet().shard(shard);
    return row.owner()
        .map(loser -> workers.get(1 - workers.indexOf(loser)))
        .flatMap(winner -> fleet().take(row, winner))
        .isPresent();
  }

  @Test
  void twoThatAreStartedAlikeShareTheShards() {
    int half = Queues.SHARDS / 2;

    await()
        .untilAsserted(
            () ->
                assertThat(workers)
                    .doesNotHaveDuplicates()
                    .allSatisfy(
                        it -> assertThat(Collections.frequency(owners(), it)).isEqualTo(half)));
  }
}
