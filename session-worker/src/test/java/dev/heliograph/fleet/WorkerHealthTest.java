package dev.heliograph.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.instance.Desired;
import dev.heliograph.instance.Instance;
import dev.heliograph.json.Json;
import dev.heliograph.message.MessageStatus;
import dev.heliograph.table.Queues;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What a worker says of itself by HTTP. */
class WorkerHealthTest extends WithWorker {
  @Test
  void isReadyWhenItHasBeaten() {
    await().atMost(SOON).until(() -> ask(worker(), "/readyz").statusCode() == 200);
  }

  @Test
  void isAliveAndNotReadyWhereThereAreNoTables() throws Exception {
    try (Worker lost = startWorker("nowhere-")) {
      await().atMost(SOON).until(() -> ask(lost, "/readyz").body().contains("beat_missed"));

      assertThat(ask(lost, "/readyz").statusCode()).isEqualTo(503);
      assertThat(ask(lost, "/healthz").statusCode()).isEqualTo(200);
      assertThat(metric(lost, "heliograph_lease_beat_seconds_count{outcome=\"good\"}")).isZero();
      assertThat(metric(lost, "heliograph_shard_held")).isZero();
    }
  }

  @Test
  void countsWhatANumberDoes() throws Exception {
    String phone = newPhone();
    String friend = newPhone();
    Instance instance = pair(phone);
    awaitMessage(send(instance, friend, "hello"), MessageStatus.DELIVERED);
    post("/phones/" + friend + "/messages", Json.object().put("to", phone).put("text", "hi"));
    // It is counted a moment after its entry is in the journal.
    String inbound = "heliograph_message_inbound_total{outcome=\"received\"}";
    await().atMost(SOON).until(() -> metric(worker(), inbound) == 1);

    assertThat(metric(worker(), "heliograph_session_active{status=\"connected\"}")).isEqualTo(1);
    assertThat(metric(worker(), "heliograph_session_active{status=\"qr\"}")).isZero();
    assertThat(metric(worker(), "heliograph_session_connected")).isEqualTo(1);
    assertThat(metric(worker(), "heliograph_session_logins_total")).isEqualTo(1);
    assertThat(metric(worker(), "heliograph_connection_ends_total{reason=\"restart_required\"}"))
        .isEqualTo(1); // as always after pairing
    assertThat(metric(worker(), "heliograph_message_sends_total{outcome=\"sent\"}")).isEqualTo(1);
    assertThat(metric(worker(), "heliograph_message_receipts_total{status=\"delivered\"}"))
        .isEqualTo(1);
    assertThat(events(instance)).contains("message.received");
    assertThat(metric(worker(), "heliograph_message_wait_seconds_count")).isEqualTo(1);
    assertThat(metric(worker(), "heliograph_message_wait_seconds_sum"))
        .isBetween(0.0, (double) SOON.toSeconds());
    assertThat(metric(worker(), "heliograph_journal_append_seconds_count{outcome=\"done\"}"))
        .isGreaterThan(5);
    assertThat(metric(worker(), "heliograph_shard_held")).isEqualTo(Queues.SHARDS);
    assertThat(metric(worker(), "heliograph_shard_taken_total")).isEqualTo(Queues.SHARDS);
    assertThat(metric(worker(), "heliograph_takeover_seconds_count")).isZero();
    wish(instance, Desired.STOPPED);
    await()
        .atMost(SOON)
        .until(() -> metric(worker(), "heliograph_journal_checkpoint_size_bytes_max") > 10);
  }

  @Test
  void aTakeoverLastsUntilTheNumberIsLoggedInAgain() throws Exception {
    String phone = newPhone();
    pair(phone);

    worker().close();
    try (Worker next = startWorker()) {
      await().atMost(SOON).until(() -> metric(next, "heliograph_takeover_seconds_count") == 1);

      assertThat(metric(next, "heliograph_takeover_seconds_sum"))
          .isBetween(0.001, (double) SOON.toSeconds());
      assertThat(metric(next, "heliograph_session_logins_total")).isEqualTo(1);
    }
  }

  @Test
  void aShardThatAnotherHasIsALostLease() throws Exception {
    Fleet fleet = new Fleet(dynamoDb.client(), dynamoDb.prefix());
    await().atMost(SOON).until(() -> metric(worker(), "heliograph_shard_held") == Queues.SHARDS);
    assertThat(metric(worker(), "heliograph_lease_lost_total")).isZero();

    // On its way out, or the worker would give shards up to it.
    fleet.beat("other", 1, true, Instant.now());
    assertThat(fleet.take(fleet.shard(0), "other")).isPresent();

    await().atMost(SOON).until(() -> metric(worker(), "heliograph_lease_lost_total") == 1);
  }
}
