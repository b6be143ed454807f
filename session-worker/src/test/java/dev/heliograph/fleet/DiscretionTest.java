package dev.heliograph.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.instance.Desired;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.instance.QrCode;
import dev.heliograph.json.Json;
import dev.heliograph.log.WorkerLog;
import dev.heliograph.message.MessageStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What a worker says of itself is nobody's content, number or key. */
class DiscretionTest extends WithWorker {
  private static final String OUTBOUND = "an outbound secret";
  private static final String INBOUND = "an inbound secret";

  private final Logger ours = (Logger) LoggerFactory.getLogger("dev.heliograph");
  private final Capture captured = new Capture();

  private static final class Capture extends AppenderBase<ILoggingEvent> {
    private final Queue<ILoggingEvent> events = new ConcurrentLinkedQueue<>();

    @Override
    protected void append(ILoggingEvent event) {
      event.prepareForDeferredProcessing();
      events.add(event);
    }
  }

  @BeforeEach
  void capture() {
    captured.start();
    ours.addAppender(captured);
    ours.setLevel(Level.DEBUG);
    ours.setAdditive(false);
  }

  @AfterEach
  void release() {
    ours.setAdditive(true);
    ours.setLevel(null);
    ours.detachAppender(captured);
  }

  @Test
  void neitherLogsNorMetricsSayWhoSaysWhat() throws Exception {
    List<String> secrets = new ArrayList<>(List.of(OUTBOUND, INBOUND));
    JsonNode phone = post("/phones", Json.object().put("push_name", "Shopkeeper"));
    JsonNode friend = post("/phones", Json.object().put("push_name", "Bartholomew"));
    for (JsonNode someone : List.of(phone, friend)) {
      secrets.add(someone.path("msisdn").asText());
      secrets.add(someone.path("lid").asText().replaceAll("@.*", ""));
      secrets.add(someone.path("push_name").asText());
    }
    Instance instance = create();

    wish(instance, Desired.RUNNING);
    QrCode code = awaitQr(instance);
    secrets.add(code.raw());
    secrets.addAll(keysIn(code));
    scan(phone.path("msisdn").asText(), code);
    awaitStatus(instance, InstanceStatus.CONNECTED);
    awaitMessage(send(instance, friend.path("msisdn").asText(), OUTBOUND), MessageStatus.DELIVERED);
    post(
        "/phones/" + friend.path("msisdn").asText() + "/messages",
        Json.object().put("to", phone.path("msisdn").asText()).put("text", INBOUND));
    await().atMost(SOON).until(() -> events(instance).contains("message.received"));
    String metrics = ask(worker(), "/metrics").body();
    worker().close();

    assertThat(secrets).allSatisfy(secret -> assertThat(secret).hasSizeGreaterThan(5));
    String logs = logs();
    assertThat(logs).contains(instance.id().value(), "WhatsApp ended the stream", "shard let go");
    assertThat(logs).doesNotContain(secrets);
    assertThat(metrics).contains("heliograph_").doesNotContain(secrets);
    assertThat(metrics).doesNotContain(instance.id().value(), instance.customer().value());
  }

  private static List<String> keysIn(QrCode code) {
    List<String> keys =
        Arrays.stream(code.raw().split("[@,]")).filter(part -> part.length() > 40).toList();
    assertThat(keys).hasSize(4); // the reference, our two public keys and the secret
    return keys;
  }

  private String logs() throws Exception {
    WorkerLog log = new WorkerLog(Map.of());
    StringBuilder lines = new StringBuilder();
    captured.events.forEach(event -> lines.append(log.line(event)));
    return lines.toString();
  }
}
