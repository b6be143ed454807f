package dev.heliograph.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.local.AwsFaults.Faults;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway whose AWS throttles, loses answers, is slow, and gets requests twice. */
class BadAwsTest {
  private static final String NUMBER = "6281100000001";
  private static final String FRIEND = "6281100000002";
  private static final int TEXTS = 12;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** One attempt in eight: a send makes about ten, so that nearly each meets one. */
  private static final double SHARE = 0.12;

  @TempDir Path folder;

  @Test
  void nothingIsLostAndNothingIsDoubled() throws Exception {
    try (WebhookReceiver webhook = new WebhookReceiver();
        LocalDeployment deployment = start();
        Http api = Http.at(place(deployment, "API"), deployment.firstKey().orElseThrow().text());
        Http phones = Http.at(place(deployment, "sandbox's phones"), "none")) {
      api.post("/v1/webhooks", "{\"url\":\"%s\"}".formatted(webhook.url()));
      String instance = pair(api, phones);
      List<String> out = new ArrayList<>();
      List<String> in = new ArrayList<>();

      Map<AwsFaults.Fault, AtomicInteger> counts;
      try (Faults faults = AwsFaults.begin(5, SHARE)) {
        for (int number = 1; number <= TEXTS; number++) {
          out.add("out " + number);
          in.add("in " + number);
          sendPatiently(api, instance, "out " + number);
          phones.post(
              "/phones/" + FRIEND + "/messages",
              "{\"to\":\"%s\",\"text\":\"in %d\"}".formatted(NUMBER, number));
        }
        counts = faults.counts();
      }

      await().atMost(PATIENCE).until(() -> textsOn(phones).size() >= TEXTS);
      await().atMost(PATIENCE).until(() -> received(webhook).size() >= TEXTS);
      await().atMost(PATIENCE).until(() -> webhook.ofType("message.delivered").size() >= TEXTS);
      assertThat(textsOn(phones)).containsExactlyElementsOf(out);
      assertThat(received(webhook)).containsExactlyInAnyOrderElementsOf(in);
      assertThat(counts.values()).allMatch(count -> count.get() > 0);
    }
  }

  private LocalDeployment start() throws Exception {
    LocalOptions options = new LocalOptions();
    options.sandbox = true;
    options.apiPort = 0;
    options.sandboxPort = 0;
    options.sandboxControlPort = 0;
    return LocalDeployment.start(new DataFolder(folder), options, Map.of(), () -> {});
  }

  private static URI place(LocalDeployment deployment, String what) {
    return Objects.requireNonNull(deployment.places().get(what));
  }

  private static String pair(Http api, Http phones) throws Exception {
    phones.post("/phones", "{\"msisdn\":\"%s\"}".formatted(NUMBER));
    phones.post("/phones", "{\"msisdn\":\"%s\"}".formatted(FRIEND));
    String instance = api.post("/v1/instances", "{\"name\":\"shop\"}").get("id").asText();
    String qr = api.awaitQr(instance);
    phones.post("/phones/" + NUMBER + "/scan", "{\"qr\":\"%s\"}".formatted(qr));
    await()
        .atMost(PATIENCE)
        .until(
            () -> api.get("/v1/instances/" + instance).get("status").asText(), "connected"::equals);
    return instance;
  }

  /** As a careful program does: the same reference until there is an answer. */
  private static void sendPatiently(Http api, String instance, String text) {
    await()
        .atMost(PATIENCE)
        .ignoreException(IOException.class)
        .until(
            () ->
                api.post(
                        "/v1/instances/" + instance + "/messages",
                        """
                        {"to":"+%s","client_ref":"%s","body":{"type":"text","text":"%s"}}
                        """
                            .formatted(FRIEND, text.replace(' ', '-'), text))
                    .has("message_id"));
  }

  private static List<String> textsOn(Http phones) throws Exception {
    JsonNode messages = phones.get("/phones/" + FRIEND + "/messages").get("messages");
    return messages
        .valueStream()
        .filter(message -> !message.get("device_sent").asBoolean())
        .map(message -> message.get("text").asText())
        .filter(text -> text.startsWith("out"))
        .toList();
  }

  /** By the event's id: a webhook may come twice, and is then the same event. */
  private static List<String> received(WebhookReceiver webhook) {
    Map<String, String> texts = new LinkedHashMap<>();
    webhook
        .ofType("message.received")
        .forEach(
            event -> texts.put(event.get("id").asText(), event.at("/data/body/text").asText()));
    return List.copyOf(texts.values());
  }
}
