package dev.heliograph.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.account.Accounts;
import dev.heliograph.account.ApiKey;
import dev.heliograph.account.CustomerId;
import dev.heliograph.command.Doorbell;
import dev.heliograph.event.EventId;
import dev.heliograph.event.EventStreams;
import dev.heliograph.event.EventType;
import dev.heliograph.event.Events;
import dev.heliograph.event.StoredEvent;
import dev.heliograph.event.StreamClient;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.instance.Desired;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.instance.Instances;
import dev.heliograph.instance.Metadata;
import dev.heliograph.instance.PhoneNumber;
import dev.heliograph.instance.QrCode;
import dev.heliograph.instance.Shards;
import dev.heliograph.journal.Entry;
import dev.heliograph.journal.Journal;
import dev.heliograph.json.Json;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageBody;
import dev.heliograph.message.MessageStatus;
import dev.heliograph.message.Messages;
import dev.heliograph.message.WhatsAppId;
import dev.heliograph.sandbox.Sandbox;
import dev.heliograph.sandbox.SandboxOptions;
import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.table.LocalSqs;
import dev.heliograph.table.Queues;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;

/** A worker over real tables and queues, with the sandbox for WhatsApp, for each test. */
abstract class WithWorker {
  static final Duration SOON = Duration.ofSeconds(20);
  private static final SdkHttpClient HTTP_TO_KMS = Apache5HttpClient.create();
  static final CustomerId CUSTOMER = CustomerId.draw(IdGenerator.random());

  @RegisterExtension final LocalDynamoDb dynamoDb = LocalDynamoDb.withAllTables();
  @RegisterExtension final LocalSqs sqs = LocalSqs.withAllQueues().beside(dynamoDb);
  @TempDir Path folder;

  private final HttpClient http = HttpClient.newHttpClient();
  private Sandbox sandbox;
  private Worker worker;
  private WorkerMetrics metrics = new WorkerMetrics();
  private Instances instances;
  private Messages messages;
  private Journal journal;
  private Doorbell doorbell;

  @BeforeEach
  void start() throws IOException {
    InstantSource clock = InstantSource.system();
    sandbox = Sandbox.start(SandboxOptions.in(folder.resolve("sandbox")));
    instances = new Instances(dynamoDb.client(), dynamoDb.prefix(), clock);
    messages = new Messages(dynamoDb.client(), dynamoDb.prefix(), clock);
    journal = new Journal(dynamoDb.client(), dynamoDb.prefix());
    doorbell = new Doorbell(sqs.client(), sqs.prefix());
    worker = startWorker();
  }

  Worker worker() {
    return worker;
  }

  /** What the worker counts that was started last. */
  WorkerMetrics metrics() {
    return metrics;
  }

  /** One more of the same. */
  Worker startWorker() throws IOException {
    return startWorker(dynamoDb.prefix());
  }

  /** On the tables whose names begin so. */
  Worker startWorker(String prefix) throws IOException {
    Map<String, String> variables = new HashMap<>(wrappingKey());
    variables.put("HELIOGRAPH_PREFIX", prefix);
    variables.put("HELIOGRAPH_WHATSAPP_URL", sandbox.webSocketUri().toString());
    variables.put("HELIOGRAPH_WHATSAPP_NOISE_ROOT_KEY", sandbox.rootKey());
    variables.put("HEARTBEAT_INTERVAL_MS", "1000");
    variables.put("HELIOGRAPH_HEALTH_PORT", "0");
    variables.put("HELIOGRAPH_STREAM_PORT", "0");
    metrics = new WorkerMetrics();
    return Worker.start(
        WorkerSettings.from(variables),
        clients(),
        InstantSource.system(),
        metrics,
        () -> {},
        () -> {});
  }

  AwsClients clients() {
    return new AwsClients(dynamoDb.client(), dynamoDb.client(), sqs.client(), kms());
  }

  /** The variable that says where the wrapping key is. */
  Map<String, String> wrappingKey() {
    return Map.of("HELIOGRAPH_KEY_FILE", folder.resolve("key").toString());
  }

  /** For a wrapping key that is in KMS. */
  KmsClient kms() {
    return KmsClient.builder()
        .region(Region.US_EAST_1)
        .credentialsProvider(AnonymousCredentialsProvider.create())
        .httpClient(HTTP_TO_KMS)
        .build();
  }

  @AfterEach
  void stop() {
    worker.close();
    sandbox.close();
  }

  /** What a worker answers at this path, whatever it is. */
  HttpResponse<String> ask(Worker worker, String path) throws Exception {
    URI uri = worker.health().orElseThrow().resolve(path);
    return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  /**
   * The value of a time series.
   *
   * @param series as it is written, with its labels: {@code a_total{b="c"}}
   */
  double metric(Worker worker, String series) throws Exception {
    return ask(worker, "/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + series));
  }

  /** The events of an instance at a worker, from the first on, as their customer reads them. */
  StreamClient stream(Worker worker, Instance instance, Map<String, String> headers)
      throws Exception {
    Map<String, String> all = new HashMap<>(headers);
    ApiKey key =
        new Accounts(
                dynamoDb.client(), dynamoDb.prefix(), IdGenerator.random(), InstantSource.system())
            .createKey(CUSTOMER);
    all.put("Authorization", "Bearer " + key.text());
    URI url =
        worker
            .streams()
            .orElseThrow()
            .resolve(EventStreams.PATH + "?after=0&instance_id=" + instance.id());
    return StreamClient.open(url, all);
  }

  /** Does what fan-out does with the events that are in the journal by now. */
  void fanOut(Instance instance) {
    Events events = new Events(dynamoDb.client(), dynamoDb.prefix(), InstantSource.system());
    journal.readAfter(instance.id(), 0).stream()
        .map(Entry::events)
        .flatMap(List::stream)
        .forEach(event -> events.recordIfAbsent(stored(instance, event)));
  }

  private static StoredEvent stored(Instance instance, String text) {
    JsonNode event = Json.read(text);
    return new StoredEvent(
        instance.id(),
        event.path("sequence").asLong(),
        new EventId(event.path("id").asText()),
        CUSTOMER,
        EventType.parse(event.path("type").asText()).orElseThrow(),
        text);
  }

  Instance create() {
    InstanceId id = InstanceId.draw(IdGenerator.random());
    Instance instance =
        Instance.created(
            id, CUSTOMER, "test", Metadata.EMPTY, Shards.of(id, Queues.SHARDS), Instant.now());
    instances.create(instance);
    return instance;
  }

  void wish(Instance instance, Desired desired) {
    instances.wish(CUSTOMER, instance.id(), desired);
    doorbell.ring(instance.id(), instance.shard());
  }

  /** A new instance that this phone has scanned, and that is connected. */
  Instance pair(String phone) throws Exception {
    Instance instance = create();
    wish(instance, Desired.RUNNING);
    scan(phone, awaitQr(instance));
    awaitStatus(instance, InstanceStatus.CONNECTED);
    return instance;
  }

  QrCode awaitQr(Instance instance) {
    return await()
        .atMost(SOON)
        .until(() -> instances.load(instance.id()).orElseThrow().qr(), code -> code != null);
  }

  void awaitStatus(Instance instance, InstanceStatus status) {
    await()
        .atMost(SOON)
        .until(() -> instances.load(instance.id()).orElseThrow().status() == status);
  }

  Message send(Instance instance, String to, String text) {
    Instance row = instances.load(instance.id()).orElseThrow();
    Message message =
        Message.queued(
            instance.id(),
            CUSTOMER,
            instance.shard(),
            Objects.requireNonNull(row.pairing()),
            WhatsAppId.random(),
            new PhoneNumber(to),
            new MessageBody.Text(text),
            null,
            Instant.now(),
            Instant.now().plus(Duration.ofMinutes(10)));
    messages.accept(message);
    doorbell.ring(instance.id(), instance.shard(), message.place());
    return message;
  }

  void awaitMessage(Message message, MessageStatus status) {
    await()
        .atMost(SOON)
        .until(
            () -> messages.find(message.instance(), message.id()).orElseThrow().status() == status);
  }

  List<String> events(Instance instance) {
    return journal.readAfter(instance.id(), 0).stream()
        .map(Entry::events)
        .flatMap(List::stream)
        .map(event -> Json.read(event).path("type").asText())
        .toList();
  }

  String newPhone() throws Exception {
    return post("/phones", Json.object()).path("msisdn").asText();
  }

  void scan(String phone, QrCode code) throws Exception {
    post("/phones/" + phone + "/scan", Json.object().put("qr", code.raw()));
  }

  List<String> textsShownAt(String phone) throws Exception {
    JsonNode shown = call(HttpRequest.newBuilder(uri("/phones/" + phone + "/messages")).build());
    return shown.findValuesAsText("text");
  }

  JsonNode post(String path, JsonNode body) throws Exception {
    return call(
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(Json.write(body)))
            .build());
  }

  private URI uri(String path) {
    return sandbox.controlUri().resolve(path);
  }

  private JsonNode call(HttpRequest request) throws Exception {
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
    return response.body().isEmpty() ? Json.object() : Json.read(response.body());
  }
}
