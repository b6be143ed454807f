package dev.heliograph.local.e2e;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import dev.heliograph.fleet.Fleet;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.Shards;
import dev.heliograph.local.aws.ServiceAddresses;
import dev.heliograph.sandbox.ControlClient;
import dev.heliograph.sandbox.Sandbox;
import dev.heliograph.sandbox.SandboxOptions;
import dev.heliograph.table.Queues;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** A gateway without a worker; whoever needs some starts them, all with the same environment. */
abstract class WithWorkers {
  // What is left of a failure says more than the failure.
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private Sandbox sandbox;
  private WebhookReceiver webhooks;
  private JavaProcess gateway;
  private Map<String, String> environment;
  private DynamoDbClient dynamoDb;
  private Fleet fleet;
  private Customer customer;

  @BeforeEach
  void start() throws IOException {
    sandbox = Sandbox.start(SandboxOptions.in(folder.resolve("sandbox")));
    webhooks = WebhookReceiver.start();
    Gateway commands =
        Gateway.of(this, folder)
            .talkingTo(sandbox.webSocketUri(), sandbox.rootKey())
            .with("--worker-in-process", "false")
            .with(Map.of("HEARTBEAT_INTERVAL_MS", "1000"));
    gateway = commands.start();
    environment = commands.workerEnvironment();
    dynamoDb = ServiceAddresses.in(environment).dynamoDbClient();
    fleet = new Fleet(dynamoDb, prefix());
    ApiClient api = new ApiClient(Gateway.apiOf(gateway), Gateway.keyOf(gateway));
    ControlClient phones = new ControlClient(sandbox.controlUri());
    customer = new Customer(api, phones, webhooks).subscribe();
  }

  @AfterEach
  void stop() {
    gateway.close();
    dynamoDb.close();
    webhooks.close();
    sandbox.close();
  }

  /** What a worker is told. */
  Map<String, String> environment() {
    return environment;
  }

  Customer customer() {
    return customer;
  }

  DynamoDbClient dynamoDb() {
    return dynamoDb;
  }

  /** What the names of tables begin with. */
  String prefix() {
    return requireNonNull(environment.get("HELIOGRAPH_PREFIX"));
  }

  static int shardOf(String instance) {
    return Shards.of(InstanceId.parse(instance).orElseThrow(), Queues.SHARDS);
  }

  /** A worker with more than its share of shards gives one up at times: then it has no owner. */
  String awaitOwner(int shard) {
    return await()
        .until(() -> fleet.shard(shard).owner(), owner -> owner.isPresent())
        .orElseThrow();
  }
}
