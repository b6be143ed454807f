package dev.heliograph.local.e2e;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import dev.heliograph.fleet.Fleet;
import dev.heliograph.fleet.ShardRow;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.Shards;
import dev.heliograph.local.aws.ServiceAddresses;
import dev.heliograph.sandbox.ControlClient;
import dev.heliograph.sandbox.Sandbox;
import dev.heliograph.sandbox.SandboxOptions;
import dev.heliograph.table.Queues;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** A gateway without a worker; whoever needs some starts them, all with the same environment. */
abstract class WithWorkers {
  static final Duration PACE = Duration.ofMillis(180);
  private static final Pattern WORKER = Pattern.compile("Worker (\\S+) is running");

  // What is left of a failure says more than the failure.
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private final Map<String, JavaProcess> workers = new LinkedHashMap<>();
  private Sandbox sandbox;
  private BadLine line;
  private WebhookReceiver webhooks;
  private Gateway commands;
  private JavaProcess gateway;
  private Map<String, String> environment;
  private DynamoDbClient dynamoDb;
  private Fleet fleet;
  private Customer customer;

  @BeforeEach
  void start() throws IOException {
    sandbox = Sandbox.start(SandboxOptions.in(folder.resolve("sandbox")));
    line = BadLine.to(sandbox.webSocketUri());
    webhooks = WebhookReceiver.start();
    commands =
        Gateway.of(this, folder)
            .talkingTo(line.webSocketUri(), sandbox.rootKey())
            .with("--worker-in-process", "false")
            // A machine that stands still for some seconds is no dead worker.
            .with(Map.of("HEARTBEAT_INTERVAL_MS", "1000", "HELIOGRAPH_LEASE", "10s"));
    gateway = commands.start();
    environment = commands.workerEnvironment();
    dynamoDb = ServiceAddresses.in(environment).dynamoDbClient();
    fleet = new Fleet(dynamoDb, prefix());
    ApiClient api = new ApiClient(Gateway.apiOf(gateway), Gateway.keyOf(gateway));
    ControlClient phones = new ControlClient(sandbox.controlUri());
    customer = new Customer(api, phones, webhooks).subscribe();
  }

  @AfterEach
  void stop() throws IOException {
    // One that stands still ends in no other way.
    workers.values().forEach(JavaProcess::kill);
    gateway.close();
    dynamoDb.close();
    webhooks.close();
    line.close();
    sandbox.close();
  }

  /**
   * Starts a worker in a process of its own.
   *
   * @param name of its log
   * @return its id
   */
  String startWorker(String name) {
    JavaProcess worker = commands.startWorker(name);
    String id = worker.awaitOutput(WORKER).group(1);
    workers.put(id, worker);
    return id;
  }

  JavaProcess worker(String id) {
    return requireNonNull(workers.get(id));
  }

  /** What a worker is told. */
  Map<String, String> environment() {
    return environment;
  }

  Customer customer() {
    return customer;
  }

  /** Between the workers and WhatsApp. */
  BadLine line() {
    return line;
  }

  DynamoDbClient dynamoDb() {
    return dynamoDb;
  }

  /** What the names of tables begin with. */
  String prefix() {
    return requireNonNull(environment.get("HELIOGRAPH_PREFIX"));
  }

  Fleet fleet() {
    return fleet;
  }

  static int shardOf(String instance) {
    return Shards.of(InstanceId.parse(instance).orElseThrow(), Queues.SHARDS);
  }

  String awaitOwner(int shard) {
    return awaitOwned(shard).owner().orElseThrow();
  }

  /** A worker with more than its share of shards gives one up at times: then it has no owner. */
  ShardRow awaitOwned(int shard) {
    return await().until(() -> fleet.shard(shard), row -> row.owner().isPresent());
  }

  /** The owner of each shard that has one. */
  List<String> owners() {
    return fleet.read().shards().stream().flatMap(shard -> shard.owner().stream()).toList();
  }
}
