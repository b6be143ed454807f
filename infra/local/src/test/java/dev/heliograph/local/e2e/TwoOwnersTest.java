package dev.heliograph.local.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.fleet.Fleet;
import dev.heliograph.fleet.ShardRow;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.Shards;
import dev.heliograph.json.Json;
import dev.heliograph.local.aws.ServiceAddresses;
import dev.heliograph.sandbox.ControlClient;
import dev.heliograph.sandbox.Sandbox;
import dev.heliograph.sandbox.SandboxOptions;
import dev.heliograph.table.Queues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Two workers that are told to own the same shard: the one that has it learns only from its next
 * beat that it has it no more, and works on meanwhile. That nothing of it counts any more, once the
 * other has opened the journal, WhatsApp sees best: whatever left without being in the journal has
 * used a ratchet step that the other one uses too.
 */
@Tag("slow")
class TwoOwnersTest {
  private static final int TIMES = 6;
  private static final Duration PACE = Duration.ofMillis(180);
  private static final Pattern WORKER = Pattern.compile("Worker (\\S+) is running");

  // What is left of a failure says more than the failure.
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private Sandbox sandbox;
  private WebhookReceiver webhooks;
  private JavaProcess gateway;
  private JavaProcess one;
  private JavaProcess other;
  private DynamoDbClient dynamoDb;
  private Fleet fleet;
  private Traffic traffic;

  @BeforeEach
  void start() throws IOException {
    sandbox = Sandbox.start(SandboxOptions.in(folder.resolve("sandbox")));
    webhooks = WebhookReceiver.start();
    Gateway commands =
        Gateway.of(this, folder)
            .talkingTo(sandbox.webSocketUri(), sandbox.rootKey())
            .with("--worker-in-process", "false");
    gateway = commands.start();
    one = commands.startWorker("one");
    other = commands.startWorker("other");
    JsonNode published = Json.read(Files.readString(commands.data().resolve("deployment.json")));
    Map<String, String> environment = new TreeMap<>();
    published.properties().forEach(it -> environment.put(it.getKey(), it.getValue().asText()));
    dynamoDb = ServiceAddresses.in(environment).dynamoDbClient();
    fleet = new Fleet(dynamoDb, environment.getOrDefault("HELIOGRAPH_PREFIX", ""));
    ApiClient api = new ApiClient(Gateway.apiOf(gateway), Gateway.keyOf(gateway));
    ControlClient phones = new ControlClient(sandbox.controlUri());
    traffic = Traffic.start(new Customer(api, phones, webhooks).subscribe(), PACE);
  }

  @AfterEach
  void stop() {
    one.close();
    other.close();
    gateway.close();
    dynamoDb.close();
    webhooks.close();
    sandbox.close();
  }

  @Test
  void anOwnerThatIsReplacedAppendsAndSendsNothingMore() throws IOException {
    int shard = Shards.of(InstanceId.parse(traffic.instance()).orElseThrow(), Queues.SHARDS);
    List<String> workers =
        List.of(one.awaitOutput(WORKER).group(1), other.awaitOutput(WORKER).group(1));

    for (int time = 1; time <= TIMES; time++) {
      traffic.awaitFlow();
      ShardRow row = owned(shard);
      String loser = row.owner().orElseThrow();
      String winner = workers.get(1 - workers.indexOf(loser));
      assertThat(fleet.take(row, winner)).isPresent();
    }
    traffic.awaitFlow();
    traffic.end();

    traffic.check();
  }

  /** A worker with more than its share of shards gives one up at times: then it has no owner. */
  private ShardRow owned(int shard) {
    return await().until(() -> fleet.shard(shard), row -> row.owner().isPresent());
  }
}
