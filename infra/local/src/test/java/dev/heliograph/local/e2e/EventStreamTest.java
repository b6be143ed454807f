package dev.heliograph.local.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.event.EventStreams;
import dev.heliograph.event.StreamClient;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A customer who reads events as a stream, at the address of the API. */
class EventStreamTest {
  @TempDir Path folder;

  @Test
  void aStreamEndsInGoodOrderWithItsProcessAndGoesOnInTheNext() throws Exception {
    Gateway commands =
        Gateway.of(this, folder)
            .with("--sandbox", "--sandbox-port", "0", "--sandbox-control-port", "0")
            .with(Map.of("HEARTBEAT_INTERVAL_MS", "1000"));
    List<Long> seen = new ArrayList<>();
    String key;
    String instance;
    try (JavaProcess gateway = commands.start()) {
      key = Gateway.keyOf(gateway);
      ApiClient api = new ApiClient(Gateway.apiOf(gateway), key);
      instance = api.createInstance("Shop");
      try (StreamClient stream = open(Gateway.apiOf(gateway), key, instance, 0)) {
        api.wish(instance, "connect");
        awaitQr(stream);

        gateway.stop();

        seen.addAll(stream.awaitEnd().ids());
      }
    }

    try (JavaProcess gateway = commands.start();
        StreamClient stream = open(Gateway.apiOf(gateway), key, instance, seen.getLast())) {
      awaitQr(stream);
      seen.addAll(stream.ids());
    }
    assertThat(seen).isEqualTo(LongStream.rangeClosed(1, seen.size()).boxed().toList());
  }

  private static StreamClient open(URI api, String key, String instance, long last)
      throws Exception {
    return StreamClient.open(
        api.resolve(EventStreams.PATH + "?instance_id=" + instance),
        Map.of("Authorization", "Bearer " + key, "Last-Event-ID", Long.toString(last)));
  }

  private static void awaitQr(StreamClient stream) {
    Customer.eventually(
        () ->
            assertThat(stream.events())
                .anySatisfy(event -> assertThat(event).contains("event: instance.qr")));
  }
}
