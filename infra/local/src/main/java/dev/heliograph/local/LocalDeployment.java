package dev.heliograph.local;

import dev.heliograph.account.Accounts;
import dev.heliograph.account.ApiKey;
import dev.heliograph.config.Secret;
import dev.heliograph.event.EventStreamMetrics;
import dev.heliograph.event.EventStreams;
import dev.heliograph.event.Events;
import dev.heliograph.fleet.Worker;
import dev.heliograph.fleet.WorkerSettings;
import dev.heliograph.function.FunctionSettings;
import dev.heliograph.function.Functions;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.instance.Instances;
import dev.heliograph.local.aws.LocalAws;
import dev.heliograph.local.aws.ServiceAddresses;
import dev.heliograph.local.gateway.HttpApi;
import dev.heliograph.sandbox.LoopbackPort;
import dev.heliograph.sandbox.Sandbox;
import dev.heliograph.sandbox.SandboxOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** All that a deployment consists of, in this process. */
final class LocalDeployment implements AutoCloseable {
  /** What the names of tables and queues begin with. */
  static final String PREFIX = "heliograph-";

  /** Stands for the one that the folder holds, or is to hold. */
  private static final Secret NO_SECRET = new Secret("none".repeat(8));

  private final Parts parts;
  private final LocalEnvironment environment;
  private final Map<String, URI> places;
  private final @Nullable ApiKey firstKey;

  private LocalDeployment(
      Parts parts,
      LocalEnvironment environment,
      Map<String, URI> places,
      @Nullable ApiKey firstKey) {
    this.parts = parts;
    this.environment = environment;
    this.places = Collections.unmodifiableMap(places);
    this.firstKey = firstKey;
  }

  /**
   * Refuses what is wrong with options and variables, before anything is made, changed or removed.
   *
   * @throws dev.heliograph.sandbox.UnusablePortException if a port is taken
   * @throws dev.heliograph.config.ConfigurationException naming all that is wrong with the
   *     variables
   */
  static void check(DataFolder folder, LocalOptions options, Map<String, String> inherited) {
    options.checkPorts();
    URI notYet = URI.create("http://127.0.0.1");
    LocalEnvironment environment =
        new LocalEnvironment(inherited, new ServiceAddresses(notYet, notYet), folder, null);
    FunctionSettings.from(environment.functions(NO_SECRET));
    WorkerSettings settings = WorkerSettings.from(environment.worker());
    if (options.workerInProcess) {
      checkPort("HELIOGRAPH_HEALTH_PORT", settings.health());
      checkPort("HELIOGRAPH_STREAM_PORT", settings.streams());
    }
  }

  private static void checkPort(String variable, @Nullable InetSocketAddress address) {
    if (address != null) LoopbackPort.check(variable, address.getPort());
  }

  /**
   * Starts everything.
   *
   * @param folder claimed by the caller
   * @param options {@link #check checked} by the caller
   * @param inherited this process's environment
   * @param onDeath called when other workers have declared the one in this process dead
   */
  static LocalDeployment start(
      DataFolder folder, LocalOptions options, Map<String, String> inherited, Runnable onDeath)
      throws Exception {
    Parts parts = new Parts();
    try {
      return start(parts, folder, options, inherited, onDeath);
    } catch (Exception failure) {
      parts.close();
      throw failure;
    }
  }

  private static LocalDeployment start(
      Parts parts,
      DataFolder folder,
      LocalOptions options,
      Map<String, String> inherited,
      Runnable onDeath)
      throws Exception {
    Sandbox sandbox = options.sandbox ? parts.add(startSandbox(folder, options)) : null;
    ServiceAddresses addresses =
        parts
            .add(LocalAws.start(folder.dynamoDb(), options.dynamoDbPort, options.sqsPort, PREFIX))
            .addresses();
    ApiKey firstKey = openAccount(addresses).orElse(null);
    LocalEnvironment environment = new LocalEnvironment(inherited, addresses, folder, sandbox);
    Functions functions = new Functions(environment.functions(folder.webhookSecretKey()));
    parts.add(FunctionMappings.start(functions, addresses, folder.streamPositions()));
    WorkerSettings settings = WorkerSettings.from(environment.worker());
    // After the mappings, and so ended before them: its last events are fanned out.
    Worker worker = options.workerInProcess ? parts.add(Worker.start(settings, onDeath)) : null;
    HttpApi api = startApi(parts, functions, addresses, settings.mostStreams(), options.apiPort);
    return new LocalDeployment(
        parts, environment, placesOf(api, worker, addresses, sandbox), firstKey);
  }

  /** What listens where, for people. */
  Map<String, URI> places() {
    return places;
  }

  /** What another process on this machine needs to know to take part. */
  Map<String, String> published() {
    return environment.published();
  }

  /** The API key that was made because there was none. */
  Optional<ApiKey> firstKey() {
    return Optional.ofNullable(firstKey);
  }

  /** Ends everything; what it was doing is found again at the next start. */
  @Override
  public void close() {
    parts.close();
  }

  private static Sandbox startSandbox(DataFolder folder, LocalOptions options) {
    return Sandbox.start(
        SandboxOptions.in(folder.sandbox())
            .withPort(options.sandboxPort)
            .withControlPort(options.sandboxControlPort));
  }

  private static Optional<ApiKey> openAccount(ServiceAddresses addresses) {
    try (DynamoDbClient dynamoDb = addresses.dynamoDbClient()) {
      return new LocalAccount(dynamoDb).open();
    }
  }

  private static HttpApi startApi(
      Parts parts, Functions functions, ServiceAddresses addresses, int mostStreams, int port) {
    Vertx vertx = Vertx.vertx();
    parts.add(() -> vertx.close().await());
    EventStreams streams = streamsOf(parts.add(addresses.dynamoDbClient()), mostStreams);
    HttpApi api = parts.add(FunctionMappings.startApi(functions, streams, vertx, port));
    parts.add(streams); // Ended before the API, which waits for what it is answering.
    return api;
  }

  /** Here and not by a worker's port: there may be none in this process, or several beside it. */
  private static EventStreams streamsOf(DynamoDbClient dynamoDb, int most) {
    InstantSource clock = InstantSource.system();
    return new EventStreams(
        new Accounts(dynamoDb, PREFIX, IdGenerator.random(), clock),
        new Instances(dynamoDb, PREFIX, clock),
        new Events(dynamoDb, PREFIX, clock),
        new EventStreamMetrics(new SimpleMeterRegistry()),
        most);
  }

  private static Map<String, URI> placesOf(
      HttpApi api, @Nullable Worker worker, ServiceAddresses addresses, @Nullable Sandbox sandbox) {
    Map<String, URI> places = new LinkedHashMap<>();
    places.put("API", api.endpoint());
    if (sandbox != null) {
      places.put("sandbox's phones", sandbox.controlUri());
      places.put("sandbox's WhatsApp", sandbox.webSocketUri());
    }
    if (worker != null) {
      worker
          .health()
          .ifPresent(health -> places.put("worker's metrics", health.resolve("/metrics")));
      worker
          .streams()
          .ifPresent(at -> places.put("worker's streams", at.resolve(EventStreams.PATH)));
    }
    places.put("DynamoDB", addresses.dynamoDb());
    places.put("SQS", addresses.sqs());
    return places;
  }
}
