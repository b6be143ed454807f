package dev.heliograph.bench.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.bench.BenchFolder;
import dev.heliograph.local.e2e.WebhookReceiver.Delivery;
import dev.heliograph.sandbox.ControlClient;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The process of a worker is killed at a write about its instance, once it is done or before it is,
 * while a text goes out and another comes in. Data and logs stay in {@code target}.
 */
@Tag("slow")
class KilledAtAWriteTest {
  private static final Path FOLDER = Path.of("target", "killed-at-a-write");
  private static final Duration SETTLED = Duration.ofMinutes(2);
  private static final int WRITES = 6;

  private final List<String> out = new ArrayList<>();
  private final List<String> in = new ArrayList<>();
  private final Map<String, String> received = new ConcurrentHashMap<>();
  private int kills;

  private void hear(Delivery delivery) {
    if (delivery.type().equals("message.received")) {
      received.put(delivery.webhookId(), delivery.data().path("body").path("text").asText());
    }
  }

  @Test
  void bothSidesHaveEachTextOnce() throws Exception {
    BenchFolder.clear(FOLDER);
    try (Deployment deployment = Deployment.start(FOLDER, 2, this::hear)) {
      deployment.subscribe();
      LinkedNumber number = deployment.pair(1).getFirst();
      String friend = deployment.phones().createPhone("Friend");

      for (int write = 1; write <= WRITES; write++) {
        exchange(deployment, number, friend, write, write % 2 == 0);
      }

      assertThat(kills).as("writes about the instance at which its worker was killed").isPositive();
      check(deployment.phones(), number, friend);
    }
  }

  private void exchange(
      Deployment deployment, LinkedNumber number, String friend, int write, boolean isDone) {
    for (WorkerSlot slot : deployment.workers()) {
      slot.dynamoDb().atWrite(number.instance(), write, isDone, slot::kill);
    }
    out.add("out " + write);
    in.add("in " + write);
    deployment.phones().send(friend, number.msisdn(), in.getLast());
    deployment.customer().send(number.paired(), friend, out.getLast(), out.getLast());
    await()
        .atMost(SETTLED)
        .until(
            () ->
                shown(deployment.phones(), friend).size() >= out.size()
                    && received.size() >= in.size());
    for (WorkerSlot slot : deployment.workers()) {
      kills += slot.dynamoDb().disarm() ? 0 : 1;
    }
  }

  private static List<String> shown(ControlClient phones, String friend) {
    return phones.texts(friend).stream().filter(text -> text.startsWith("out")).toList();
  }

  private void check(ControlClient phones, LinkedNumber number, String friend) {
    assertThat(shown(phones, friend)).containsExactlyElementsOf(out);
    assertThat(received.values()).containsExactlyInAnyOrderElementsOf(in);
    JsonObject device = phones.device(number.msisdn(), number.paired().device());
    assertThat(device.getInteger("retry_receipts_sent")).isZero();
    assertThat(device.getInteger("retry_receipts_received")).isZero();
    assertThat(phones.stats(friend).getInteger("undecryptable")).isZero();
    assertThat(phones.defects(number.msisdn(), number.paired().device())).isEmpty();
  }
}
