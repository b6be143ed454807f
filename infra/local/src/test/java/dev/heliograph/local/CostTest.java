package dev.heliograph.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.journal.Journal;
import dev.heliograph.local.aws.ServiceAddresses;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * What is written for a message, in DynamoDB's own units, from the API's row to the last mark of
 * its webhook's delivery. What a worker writes for itself (its beat, what it sees on a shard) is
 * the fleet's, and has no part in it.
 */
class CostTest {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final int LOOKS = 20;
  private static final String FLEET = LocalDeployment.PREFIX + "fleet";

  /** Of texts of so many characters. As docs/performance.md says. */
  private static final Map<Integer, Double> MOST_INBOUND = Map.of(20, 8.0, 200, 8.0, 1000, 10.0);

  /** With the one that the padding of four ciphertexts may cost. */
  private static final Map<Integer, Double> MOST_OUTBOUND = Map.of(20, 21.0, 200, 22.0, 1000, 28.0);

  /** A Signal session grows for so many turns of a conversation. */
  private static final int TURNS = 5;

  @TempDir Path folder;

  private WebhookReceiver webhook;
  private LocalDeployment deployment;
  private Http api;
  private Http phones;

  @BeforeEach
  void start() throws Exception {
    webhook = new WebhookReceiver();
    LocalOptions options = new LocalOptions();
    options.sandbox = true;
    options.apiPort = 0;
    options.sandboxPort = 0;
    options.sandboxControlPort = 0;
    deployment =
        LocalDeployment.start(
            new DataFolder(folder),
            options,
            Map.of("HEARTBEAT_INTERVAL_MS", Long.toString(TICK.toMillis())),
            () -> {
              throw new AssertionError("nobody else is there to declare the worker dead");
            });
    api = Http.at(place("API"), deployment.firstKey().orElseThrow().text());
    phones = Http.at(place("sandbox's phones"), "none");
    newPhone(Phone.OURS);
    newPhone(Phone.FRIENDS);
  }

  /** Whose phone. */
  private enum Phone {
    OURS("6281100000001"),
    FRIENDS("6281100000002");

    private final String number;

    Phone(String number) {
      this.number = number;
    }
  }

  @AfterEach
  void stop() {
    phones.close();
    api.close();
    deployment.close();
    webhook.close();
  }

  private URI place(String what) {
    return Objects.requireNonNull(deployment.places().get(what));
  }

  @Test
  void aMessageCostsSoManyUnitsAndAnIdleInstanceNone() throws Exception {
    disconnect(pair(Phone.FRIENDS)); // the friend's second device
    disconnect(pair(Phone.OURS)); // our own second one, beside the phone
    String instance = pair(Phone.OURS);
    api.post("/v1/webhooks", "{\"url\":\"%s\"}".formatted(webhook.url()));
    for (int turn = 0; turn < TURNS; turn++) {
      send(instance, 20);
      receive(20);
    }
    awaitCheckpoint(instance);
    awaitSilence();

    Map<String, Double> idle = idle();

    System.out.println(table("idle, 5 ticks", idle));
    assertThat(sum(idle)).isZero();
    for (int length : new TreeSet<>(MOST_INBOUND.keySet())) {
      Map<String, Double> outbound = costOf(() -> send(instance, length));
      Map<String, Double> inbound = costOf(() -> receive(length)); // the first one after ours
      Map<String, Double> another = costOf(() -> receive(length));

      System.out.println(table("outbound, 2 + 2 devices, " + length, outbound));
      System.out.println(table("inbound, an answer, " + length, inbound));
      System.out.println(table("inbound, another one, " + length, another));
      assertThat(sum(outbound)).isBetween(1.0, MOST_OUTBOUND.get(length));
      assertThat(sum(inbound)).isBetween(1.0, MOST_INBOUND.get(length));
      assertThat(sum(another)).isBetween(1.0, MOST_INBOUND.get(length));
    }
  }

  /**
   * Something that a customer or a phone does, and that is over when its webhooks are delivered.
   */
  @FunctionalInterface
  private interface Flow {
    void run() throws Exception;
  }

  /** A session writes its records down once, half a minute after it has begun. */
  private void awaitCheckpoint(String instance) {
    InstanceId id = InstanceId.parse(instance).orElseThrow();
    try (DynamoDbClient dynamoDb = ServiceAddresses.in(deployment.published()).dynamoDbClient()) {
      Journal journal = new Journal(dynamoDb, LocalDeployment.PREFIX);
      await().atMost(SOON).until(() -> journal.checkpoint(id).isPresent());
    }
  }

  private static Map<String, Double> costOf(Flow flow) throws Exception {
    Map<String, Double> before = WriteUnits.soFar();
    flow.run();
    awaitSilence();
    return since(before);
  }

  private static Map<String, Double> idle() {
    Map<String, Double> before = WriteUnits.soFar();
    double beats = before.getOrDefault(FLEET, 0.0);
    // With each tick of a second come a beat of the worker and what it sees on its shards.
    await().atMost(SOON).until(() -> WriteUnits.soFar().getOrDefault(FLEET, 0.0) > beats + 5 * 17);
    return since(before);
  }

  private static Map<String, Double> since(Map<String, Double> before) {
    Map<String, Double> units = new TreeMap<>();
    WriteUnits.soFar()
        .forEach(
            (table, sum) -> {
              double more = sum - before.getOrDefault(table, 0.0);
              if (!table.equals(FLEET) && more > 0) {
                units.put(table.substring(LocalDeployment.PREFIX.length()), more);
              }
            });
    return units;
  }

  /** Until nothing but the fleet's beats was written for two seconds. */
  private static void awaitSilence() {
    await()
        .atMost(SOON)
        .pollInterval(LOOK)
        .until(CostTest::withoutFleet, new Unchanged()::isUnchanged);
  }

  private static Map<String, Double> withoutFleet() {
    Map<String, Double> units = new HashMap<>(WriteUnits.soFar());
    units.remove(FLEET);
    return units;
  }

  /** In looks and not in time: while the machine stands still nobody could write. */
  private static final class Unchanged {
    private Map<String, Double> before = Map.of();
    private int looks;

    boolean isUnchanged(Map<String, Double> now) {
      looks = now.equals(before) ? looks + 1 : 0;
      before = now;
      return looks >= LOOKS;
    }
  }

  private static double sum(Map<String, Double> units) {
    return units.values().stream().mapToDouble(unit -> unit).sum();
  }

  private static String table(String flow, Map<String, Double> units) {
    return "write units, %s: %.0f %s".formatted(flow, sum(units), units);
  }

  private void newPhone(Phone phone) throws Exception {
    phones.post("/phones", "{\"msisdn\":\"%s\"}".formatted(phone.number));
  }

  private String pair(Phone phone) throws Exception {
    String id = api.post("/v1/instances", "{\"name\":\"%s\"}".formatted(phone)).get("id").asText();
    String qr = api.awaitQr(id);
    phones.post("/phones/" + phone.number + "/scan", "{\"qr\":\"%s\"}".formatted(qr));
    awaitStatus(id, "connected");
    return id;
  }

  private void disconnect(String id) throws Exception {
    api.post("/v1/instances/" + id + "/disconnect", "");
    awaitStatus(id, "disconnected");
  }

  private void awaitStatus(String id, String status) {
    await()
        .atMost(SOON)
        .until(() -> api.get("/v1/instances/" + id).get("status").asText().equals(status));
  }

  private void send(String instance, int length) throws Exception {
    int before = webhook.ofType("message.delivered").size();
    JsonNode sent =
        api.post(
            "/v1/instances/" + instance + "/messages",
            "{\"to\":\"+%s\",\"body\":{\"type\":\"text\",\"text\":\"%s\"}}"
                .formatted(Phone.FRIENDS.number, text(length)));
    assertThat(sent).isNotNull();
    await().atMost(SOON).until(() -> webhook.ofType("message.delivered").size() == before + 1);
  }

  private void receive(int length) throws Exception {
    int before = webhook.ofType("message.received").size();
    phones.post(
        "/phones/" + Phone.FRIENDS.number + "/messages",
        "{\"to\":\"%s\",\"text\":\"%s\"}".formatted(Phone.OURS.number, text(length)));
    await().atMost(SOON).until(() -> webhook.ofType("message.received").size() == before + 1);
  }

  private static String text(int length) {
    return "hello, how are you? ".repeat(length / 20);
  }
}
