package dev.heliograph.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.event.StreamClient;
import dev.heliograph.instance.Desired;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.InstanceStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class WorkerStreamTest extends WithWorker {
  @Test
  void aStreamGoesOnAtTheNextWorkerWithNoneLostOrDoubled() throws Exception {
    String phone = newPhone();
    Instance instance = create();
    wish(instance, Desired.RUNNING);
    List<Long> seen = new ArrayList<>();
    try (StreamClient client = stream(worker(), instance, Map.of())) {
      scan(phone, awaitQr(instance));
      awaitStatus(instance, InstanceStatus.CONNECTED);
      fanOut(instance);
      client.awaitEvents(events(instance).size());
      assertThat(client.events())
          .extracting(event -> event.get(1).substring("event: ".length()))
          .isEqualTo(events(instance));
      assertThat(metric(worker(), "heliograph_event_streams")).isEqualTo(1);
      await()
          .until(() -> metric(worker(), "heliograph_event_streamed_total") == client.ids().size());

      worker().close();
      seen.addAll(client.awaitEnd().ids());
    }

    try (Worker next = startWorker();
        StreamClient client =
            stream(next, instance, Map.of("Last-Event-ID", seen.getLast().toString()))) {
      await().atMost(SOON).until(() -> metric(next, "heliograph_session_connected") == 1);
      wish(instance, Desired.STOPPED);
      awaitStatus(instance, InstanceStatus.DISCONNECTED);
      fanOut(instance);
      seen.addAll(client.awaitEvents(events(instance).size() - seen.size()).ids());
    }

    assertThat(seen).isEqualTo(LongStream.rangeClosed(1, events(instance).size()).boxed().toList());
  }
}
