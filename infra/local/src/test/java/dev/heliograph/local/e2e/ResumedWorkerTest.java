package dev.heliograph.local.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.journal.Entry;
import dev.heliograph.journal.Journal;
import dev.heliograph.json.Json;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A worker whose machine stands still for a minute, while texts come in on its connections and ring
 * at its queues: it finds them when it is resumed, and nobody tells it that the connections are
 * over.
 */
@Tag("slow")
class ResumedWorkerTest extends WithWorkers {
  private static final Duration STANDSTILL = Duration.ofMinutes(1);
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int DECLARED_DEAD = 70;

  @Test
  void aWorkerThatIsResumedAfterAMinuteAppendsAndSendsNothingAndEnds() throws IOException {
    startWorker("one");
    startWorker("other");
    Traffic traffic = Traffic.start(customer(), PACE);
    traffic.awaitFlow();
    traffic.rest(); // or it may say, when it is resumed, what it had appended before
    int shard = shardOf(traffic.instance());
    String old = awaitOwner(shard);

    line().set(BadLine.State.HALF_OPEN);
    worker(old).freeze();
    long begun = System.nanoTime();
    traffic.goOn();
    await().atMost(STANDSTILL).until(() -> !awaitOwner(shard).equals(old));
    traffic.awaitFlow();
    await()
        .atMost(STANDSTILL.multipliedBy(2))
        .until(() -> System.nanoTime() - begun > STANDSTILL.toNanos());
    long opened = openingsBy(old, traffic);
    worker(old).thaw();
    await().atMost(SOON).until(() -> !worker(old).isAlive());
    traffic.awaitFlow();
    traffic.end();

    assertThat(worker(old).awaitExit()).isEqualTo(DECLARED_DEAD);
    assertThat(line().unheard()).isZero();
    assertThat(openingsBy(old, traffic)).isEqualTo(opened).isPositive();
    traffic.check();
  }

  /** Whoever has been replaced has to open a journal before it can append to it. */
  private long openingsBy(String worker, Traffic traffic) {
    InstanceId instance = InstanceId.parse(traffic.instance()).orElseThrow();
    return new Journal(dynamoDb(), prefix())
        .readAfter(instance, 0).stream()
            .map(Entry::facts)
            .map(Json::read)
            .flatMap(JsonNode::valueStream)
            .filter(fact -> fact.at("/opened/worker").asText().equals(worker))
            .count();
  }
}
