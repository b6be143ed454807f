package dev.heliograph.bench.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.json.Json;
import dev.heliograph.local.aws.ServiceAddresses;
import dev.heliograph.local.e2e.ApiClient;
import dev.heliograph.local.e2e.Customer;
import dev.heliograph.local.e2e.Customer.Paired;
import dev.heliograph.local.e2e.Gateway;
import dev.heliograph.local.e2e.JavaProcess;
import dev.heliograph.local.e2e.WebhookReceiver;
import dev.heliograph.local.e2e.WebhookReceiver.Delivery;
import dev.heliograph.sandbox.ControlClient;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A sandbox and a gateway that go on whatever happens, workers that do not, and a customer. All
 * data and logs are in one folder, and stay there.
 */
public final class Deployment implements AutoCloseable {
  private static final Pattern WEB_SOCKET = Pattern.compile("WhatsApp: +(\\S+)");
  private static final Pattern CONTROL = Pattern.compile("control: +(\\S+)");
  private static final Pattern ROOT_KEY = Pattern.compile("root key: +(\\S+)");
  private static final Pattern WORKING = Pattern.compile("Worker \\S+ is running");
  private static final String DYNAMO_DB = "AWS_ENDPOINT_URL_DYNAMODB";
  private static final int PAIRED_AT_ONCE = 4;

  private final Path folder;
  private final boolean hasWeather;
  private final Vertx vertx = Vertx.vertx();
  private final JavaProcess sandbox;
  private final JavaProcess gateway;
  private final WebhookReceiver webhooks;
  private final Customer customer;
  private final Map<String, String> published;
  private final List<WorkerSlot> workers = new ArrayList<>();

  private Deployment(Path folder, Consumer<Delivery> listener, boolean hasWeather)
      throws IOException {
    this.folder = folder;
    this.hasWeather = hasWeather;
    sandbox =
        JavaProcess.start(
            logs(),
            "sandbox",
            Map.of(),
            List.of("sandbox", "--data", in("sandbox"), "--port", "0", "--control-port", "0"));
    gateway =
        new Gateway(folder.resolve("data"), logs(), Map.of(), List.of("--port", "0"))
            .with("--worker-in-process", "false")
            .start();
    webhooks = WebhookReceiver.start(listener);
    published = publishedIn(folder.resolve("data").resolve("deployment.json"));
    customer =
        new Customer(
            new ApiClient(Gateway.apiOf(gateway), key()),
            new ControlClient(URI.create(sandbox.awaitOutput(CONTROL).group(1))),
            webhooks);
  }

  /**
   * Starts everything.
   *
   * @param folder is not there or empty, or what an earlier deployment has left
   * @param listener told of each webhook request, by several threads, once it is subscribed
   */
  public static Deployment start(Path folder, int workers, Consumer<Delivery> listener)
      throws IOException {
    return start(folder, workers, listener, true);
  }

  /**
   * Starts everything, with nothing between the workers and DynamoDB: what it costs to look at each
   * request is not in what is measured. Nobody hears of webhooks.
   *
   * @param folder is not there or empty, or what an earlier deployment has left
   */
  public static Deployment startInFairWeather(Path folder, int workers) throws IOException {
    return start(folder, workers, _ -> {}, false);
  }

  private static Deployment start(
      Path folder, int workers, Consumer<Delivery> listener, boolean hasWeather)
      throws IOException {
    Deployment deployment =
        new Deployment(folder.toAbsolutePath().normalize(), listener, hasWeather);
    for (int number = 1; number <= workers; number++) deployment.startWorker(number);
    return deployment;
  }

  private String key() throws IOException {
    Path file = folder.resolve("api-key");
    if (Files.notExists(file)) Files.writeString(file, Gateway.keyOf(gateway));
    return Files.readString(file);
  }

  /** One worker more. */
  public void addWorker() {
    startWorker(workers.size() + 1);
  }

  /** Where its services are. */
  public ServiceAddresses addresses() {
    return ServiceAddresses.in(published);
  }

  /** What the names of its tables begin with. */
  public String prefix() {
    return published.getOrDefault("HELIOGRAPH_PREFIX", "");
  }

  private static Map<String, String> publishedIn(Path file) throws IOException {
    Map<String, String> variables = new HashMap<>();
    JsonNode json = Json.read(Files.readString(file));
    json.properties().forEach(field -> variables.put(field.getKey(), field.getValue().asText()));
    return variables;
  }

  private void startWorker(int number) {
    DynamoDbProxy proxy =
        DynamoDbProxy.start(vertx, URI.create(published.getOrDefault(DYNAMO_DB, "")));
    Map<String, String> environment = new HashMap<>(whatsApp());
    environment.putAll(published);
    if (hasWeather) environment.put(DYNAMO_DB, proxy.endpoint().toString());
    environment.put("HELIOGRAPH_HEALTH_PORT", "0");
    workers.add(WorkerSlot.open(number, proxy, name -> startWorker(name, environment)));
  }

  private Map<String, String> whatsApp() {
    return Map.of(
        "HELIOGRAPH_WHATSAPP_URL", webSocket().toString(),
        "HELIOGRAPH_WHATSAPP_NOISE_ROOT_KEY", rootKey());
  }

  private JavaProcess startWorker(String name, Map<String, String> environment) {
    // No gateway has this folder open: the environment says where everything is.
    List<String> arguments = List.of("worker", "--data", in("no-gateway"));
    JavaProcess worker = JavaProcess.start(logs(), name, environment, arguments);
    worker.awaitOutput(WORKING);
    return worker;
  }

  private Path logs() {
    return folder.resolve("logs");
  }

  private String in(String name) {
    return folder.resolve(name).toString();
  }

  /** Where clients of the sandbox connect. */
  public URI webSocket() {
    return URI.create(sandbox.awaitOutput(WEB_SOCKET).group(1));
  }

  /** What clients of the sandbox must trust. */
  public String rootKey() {
    return sandbox.awaitOutput(ROOT_KEY).group(1);
  }

  public Customer customer() {
    return customer;
  }

  public ControlClient phones() {
    return customer.phones();
  }

  public List<WorkerSlot> workers() {
    return workers;
  }

  /** Has the listener hear of everything. */
  public void subscribe() throws IOException {
    var _ = customer.subscribe();
  }

  /** How many webhook requests had no good signature. */
  public int unverified() {
    return webhooks.unverified();
  }

  /** Whether {@link #numbers} has been called for this folder before. */
  public static boolean hasNumbers(Path folder) {
    return new NumbersFile(folder).exists();
  }

  /** Those that an earlier deployment has paired in this folder, or else as many as this. */
  public List<LinkedNumber> numbers(int wanted) throws IOException, InterruptedException {
    NumbersFile file = new NumbersFile(folder);
    if (!file.exists()) file.write(pair(wanted));
    return file.read();
  }

  /** Creates instances and links each to a phone of its own, some at a time. */
  public List<LinkedNumber> pair(int numbers) throws InterruptedException {
    try (ExecutorService threads = Executors.newFixedThreadPool(PAIRED_AT_ONCE)) {
      List<Future<LinkedNumber>> pairing = new ArrayList<>();
      for (int index = 1; index <= numbers; index++) {
        String name = "Number " + index;
        pairing.add(threads.submit(() -> pair(name)));
      }
      List<LinkedNumber> paired = new ArrayList<>();
      for (Future<LinkedNumber> each : pairing) paired.add(each.get());
      return paired;
    } catch (ExecutionException failure) {
      throw new IllegalStateException("a number could not be paired", failure.getCause());
    }
  }

  private LinkedNumber pair(String name) throws IOException {
    Paired paired = customer.pair(name);
    return new LinkedNumber(paired, phones().lid(paired.msisdn()));
  }

  @Override
  public void close() {
    workers.forEach(WorkerSlot::close);
    gateway.close();
    sandbox.close();
    webhooks.close();
    vertx.close().await();
  }
}
