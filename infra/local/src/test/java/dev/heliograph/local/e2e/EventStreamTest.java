package dev.heliograph.local.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
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
      EventStream stream = EventStream.open(Gateway.apiOf(gateway), key, instance, 0);
      api.wish(instance, "connect");
      Customer.eventually(() -> assertThat(stream.text()).contains("event: instance.qr"));

      gateway.stop();

      stream.awaitEnd();
      seen.addAll(stream.ids());
    }

    try (JavaProcess gateway = commands.start()) {
      EventStream stream = EventStream.open(Gateway.apiOf(gateway), key, instance, seen.getLast());
      Customer.eventually(() -> assertThat(stream.text()).contains("event: instance.qr"));
      seen.addAll(stream.ids());
    }
    assertThat(seen).isEqualTo(LongStream.rangeClosed(1, seen.size()).boxed().toList());
  }

  /** What has come by a stream. */
  private record EventStream(List<String> lines, CompletableFuture<Void> ended) {
    static EventStream open(URI api, String key, String instance, long last)
        throws IOException, InterruptedException {
      HttpRequest request =
          HttpRequest.newBuilder(api.resolve("/v1/events/stream?instance_id=" + instance))
              .header("Authorization", "Bearer " + key)
              .header("Last-Event-ID", Long.toString(last))
              .build();
      HttpResponse<Stream<String>> response =
          HttpClient.newHttpClient().send(request, BodyHandlers.ofLines());
      assertThat(response.statusCode()).isEqualTo(200);
      EventStream stream = new EventStream(new CopyOnWriteArrayList<>(), new CompletableFuture<>());
      Thread.ofVirtual().start(() -> stream.read(response.body()));
      return stream;
    }

    private void read(Stream<String> body) {
      try {
        body.forEach(lines::add);
        ended.complete(null);
      } catch (RuntimeException cut) {
        ended.completeExceptionally(cut);
      }
    }

    /** Fails if it was cut off. */
    void awaitEnd() {
      ended.orTimeout(20, TimeUnit.SECONDS).join();
    }

    String text() {
      return String.join("\n", lines);
    }

    /** Of events alone: the first says where the stream begins. */
    List<Long> ids() {
      return lines.stream()
          .filter(line -> line.startsWith("id: "))
          .skip(1)
          .map(line -> Long.valueOf(line.substring(4)))
          .toList();
    }
  }
}
