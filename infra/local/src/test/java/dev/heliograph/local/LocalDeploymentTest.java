package dev.heliograph.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.event.StreamClient;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalDeploymentTest {
  private static final String NUMBER = "6281100000001";
  private static final String FRIEND = "6281100000002";

  @TempDir Path folder;

  @Test
  void aNewcomersFirstMinuteAndARestartAfterIt() throws Exception {
    String key;
    String instance;
    try (WebhookReceiver webhook = new WebhookReceiver()) {
      try (LocalDeployment deployment = start();
          Http api = Http.at(place(deployment, "API"), firstKey(deployment));
          Http phones = Http.at(place(deployment, "sandbox's phones"), "none")) {
        key = firstKey(deployment);
        api.post("/v1/webhooks", "{\"url\":\"%s\"}".formatted(webhook.url()));
        instance = api.post("/v1/instances", "{\"name\":\"first\"}").get("id").asText();
        phones.post("/phones", "{\"msisdn\":\"%s\"}".formatted(NUMBER));
        phones.post("/phones", "{\"msisdn\":\"%s\"}".formatted(FRIEND));

        String qr = api.awaitQr(instance);
        phones.post("/phones/" + NUMBER + "/scan", "{\"qr\":\"%s\"}".formatted(qr));
        awaitStatus(api, instance, "connected");
        sendText(api, instance, "hello");
        phones.post(
            "/phones/" + FRIEND + "/messages",
            "{\"to\":\"%s\",\"text\":\"good morning\"}".formatted(NUMBER));

        await()
            .atMost(Duration.ofSeconds(20))
            .untilAsserted(
                () -> {
                  assertThat(textsOn(phones, FRIEND)).contains("hello");
                  assertThat(webhook.types())
                      .contains(
                          "instance.qr",
                          "instance.connected",
                          "message.sent",
                          "message.delivered",
                          "message.received");
                });
        assertThat(webhook.ofType("message.received"))
            .singleElement()
            .extracting(event -> event.at("/data/body/text").asText())
            .isEqualTo("good morning");
      }

      try (LocalDeployment deployment = start();
          Http api = Http.at(place(deployment, "API"), key);
          Http phones = Http.at(place(deployment, "sandbox's phones"), "none")) {
        assertThat(deployment.firstKey()).isEmpty();
        sendText(api, instance, "still here");

        await()
            .atMost(Duration.ofSeconds(30))
            .untilAsserted(() -> assertThat(textsOn(phones, FRIEND)).contains("still here"));
        assertThat(textsOn(phones, FRIEND)).containsExactly("hello", "still here");
      }
    }
  }

  @Test
  void noMoreStreamsAreServedThanItIsTold() throws Exception {
    try (LocalDeployment deployment =
            start(Map.of("HELIOGRAPH_STREAM_PORT", "0", "HELIOGRAPH_MAX_STREAMS", "1"));
        Http api = Http.at(place(deployment, "API"), firstKey(deployment))) {
      String instance = api.post("/v1/instances", "{\"name\":\"first\"}").get("id").asText();
      Map<String, String> headers = Map.of("Authorization", "Bearer " + firstKey(deployment));

      for (String server : List.of("API", "worker's streams")) {
        URI streams =
            place(deployment, server).resolve("/v1/events/stream?instance_id=" + instance);
        try (StreamClient first = StreamClient.open(streams, headers);
            StreamClient second = StreamClient.open(streams, headers)) {
          assertThat(first.response().statusCode()).isEqualTo(200);
          assertThat(second.response().statusCode()).isEqualTo(503);
        }
      }
    }
  }

  private LocalDeployment start() throws Exception {
    return start(Map.of());
  }

  private LocalDeployment start(Map<String, String> environment) throws Exception {
    LocalOptions options = new LocalOptions();
    options.sandbox = true;
    options.apiPort = 0;
    options.sandboxPort = 0;
    options.sandboxControlPort = 0;
    return LocalDeployment.start(
        new DataFolder(folder),
        options,
        environment,
        () -> {
          throw new AssertionError("nobody else is there to declare the worker dead");
        });
  }

  private static URI place(LocalDeployment deployment, String what) {
    return Objects.requireNonNull(deployment.places().get(what));
  }

  private static String firstKey(LocalDeployment deployment) {
    return deployment.firstKey().orElseThrow().text();
  }

  private static void awaitStatus(Http api, String instance, String status) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> api.get("/v1/instances/" + instance).get("status").asText().equals(status));
  }

  private static void sendText(Http api, String instance, String text) throws Exception {
    api.post(
        "/v1/instances/" + instance + "/messages",
        "{\"to\":\"+%s\",\"body\":{\"type\":\"text\",\"text\":\"%s\"}}".formatted(FRIEND, text));
  }

  private static List<String> textsOn(Http phones, String number) throws Exception {
    JsonNode messages = phones.get("/phones/" + number + "/messages").get("messages");
    return messages
        .valueStream()
        .filter(message -> !message.get("device_sent").asBoolean())
        .map(message -> message.get("text").asText())
        .filter(text -> !text.equals("good morning"))
        .toList();
  }
}
