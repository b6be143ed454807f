package dev.heliograph.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext.Http;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.account.Accounts;
import dev.heliograph.account.ApiKey;
import dev.heliograph.account.Customer;
import dev.heliograph.account.CustomerId;
import dev.heliograph.authstate.PairingId;
import dev.heliograph.command.Doorbell;
import dev.heliograph.config.Secret;
import dev.heliograph.fleet.Fleet;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.instance.Instances;
import dev.heliograph.instance.PhoneNumber;
import dev.heliograph.instance.QrCode;
import dev.heliograph.instance.StatusProjection;
import dev.heliograph.instance.StatusReason;
import dev.heliograph.json.Json;
import dev.heliograph.message.Messages;
import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.table.LocalSqs;
import dev.heliograph.table.Queues;
import dev.heliograph.webhook.Cidr;
import dev.heliograph.webhook.Webhooks;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The API over local tables and queues, called as API Gateway calls it; each exchange is held
 * against the OpenAPI document. Sessions are played by writing what a session projects.
 */
final class TestApi {
  static final Duration TICK = Duration.ofSeconds(30);
  static final Duration SEND_DEADLINE = Duration.ofMinutes(10);
  static final PairingId PAIRING = PairingId.draw(IdGenerator.random());
  static final PhoneNumber NUMBER = new PhoneNumber("6281100000000");

  private static final OpenApi DOCUMENT = OpenApi.read();

  final Instances instances;
  final Messages messages;
  final Fleet fleet;
  private final Accounts accounts;
  private final LocalSqs sqs;
  private final Api api;
  private final ApiHandler handler;
  private final AtomicLong seq = new AtomicLong();

  TestApi(LocalDynamoDb dynamoDb, LocalSqs sqs, Duration qrPatience) {
    this(dynamoDb.client(), dynamoDb.prefix(), sqs, qrPatience);
  }

  TestApi(DynamoDbClient dynamoDb, String prefix, LocalSqs sqs, Duration qrPatience) {
    InstantSource clock = InstantSource.system();
    IdGenerator ids = IdGenerator.random();
    this.sqs = sqs;
    instances = new Instances(dynamoDb, prefix, clock);
    messages = new Messages(dynamoDb, prefix, clock);
    fleet = new Fleet(dynamoDb, prefix);
    accounts = new Accounts(dynamoDb, prefix, ids, clock);
    Doorbell doorbell = new Doorbell(sqs.client(), sqs.prefix());
    Sightings sightings = new Sightings(fleet, TICK, clock);
    Webhooks webhooks =
        new Webhooks(
            dynamoDb,
            prefix,
            () -> new Secret("a key that is long enough for a test"),
            List.of(Cidr.parse("127.0.0.0/8")),
            ids,
            clock);
    api =
        new Api(
            accounts,
            new InstanceRoutes(instances, sightings, doorbell, ids, clock),
            new QrRoute(instances, sightings, doorbell, qrPatience, clock),
            new MessageRoutes(instances, messages, doorbell, SEND_DEADLINE, clock),
            new WebhookRoutes(webhooks.endpoints(), webhooks.guard()));
    handler = new ApiHandler(api, doorbell);
  }

  /** A new customer with a key. */
  Caller customer() {
    Customer customer = accounts.create("Acme");
    return new Caller(customer.id(), accounts.createKey(customer.id()));
  }

  /** Someone without a key, or with this text in its place. */
  Answer call(@Nullable String authorization, String method, String path, @Nullable String body) {
    Map<String, String> headers = new HashMap<>();
    if (authorization != null) {
      headers.put("authorization", authorization);
    }
    return call(headers, method, path, body);
  }

  List<String> routes() {
    return api.routes();
  }

  /** The rings for an instance that wait on its shard, where those of other tests may wait too. */
  List<String> rings(Instance instance) {
    return sqs.takeAll(Queues.commands(instance.shard())).stream()
        .filter(body -> body.contains(instance.id().value()))
        .toList();
  }

  /** What a session does: moves the instance on. */
  void project(
      InstanceId id,
      InstanceStatus status,
      @Nullable StatusReason reason,
      @Nullable QrCode qr,
      @Nullable PairingId pairing,
      Instant at) {
    instances.project(
        id,
        seq.incrementAndGet(),
        new StatusProjection(
            status, reason, pairing == null ? null : NUMBER, null, pairing, 0, qr, null, at));
  }

  /** What a session does: moves the instance on, just now. */
  void project(InstanceId id, InstanceStatus status, @Nullable PairingId pairing) {
    project(id, status, null, null, pairing, Instant.now());
  }

  private Answer call(
      Map<String, String> headers, String method, String path, @Nullable String body) {
    APIGatewayV2HTTPEvent event =
        APIGatewayV2HTTPEvent.builder()
            .withVersion("2.0")
            .withRouteKey("$default")
            .withRawPath(path)
            .withRawQueryString("")
            .withHeaders(headers)
            .withBody(body)
            .withRequestContext(
                RequestContext.builder()
                    .withRequestId("request-1")
                    .withHttp(Http.builder().withMethod(method).withPath(path).build())
                    .build())
            .build();
    APIGatewayV2HTTPResponse response = handler.handleRequest(event, new NoContext());
    Answer answer =
        new Answer(
            response.getStatusCode(),
            response.getBody().isEmpty()
                ? MissingNode.getInstance()
                : Json.read(response.getBody()),
            response.getHeaders());
    checkAgainstDocument(method, path, body, answer);
    return answer;
  }

  /** What is no operation at all has nothing in the document. */
  private void checkAgainstDocument(
      String method, String path, @Nullable String body, Answer answer) {
    boolean operation = !List.of("not_found", "method_not_allowed").contains(answer.code());
    if (!operation) {
      DOCUMENT.checkSchema("/components/schemas/Error", answer.body());
      return;
    }
    String pattern = pattern(path);
    DOCUMENT.check(method, pattern, answer.status(), answer.body());
    if (answer.status() < 300 && body != null) {
      DOCUMENT.checkAccepted(method, pattern, Json.read(body));
    }
  }

  private static String pattern(String path) {
    return path.replaceAll("^/v1/instances/[^/]+", "/v1/instances/{instance_id}")
        .replaceAll("/messages/[^/]+$", "/messages/{message_id}")
        .replaceAll("^/v1/webhooks/[^/]+", "/v1/webhooks/{webhook_id}");
  }

  /** Somebody with an API key. */
  final class Caller {
    final CustomerId id;
    private final ApiKey key;

    private Caller(CustomerId id, ApiKey key) {
      this.id = id;
      this.key = key;
    }

    Answer get(String path) {
      return call(bearer(), "GET", path, null);
    }

    Answer post(String path, @Nullable String body) {
      return call(bearer(), "POST", path, body);
    }

    Answer post(String path, String body, String header, String value) {
      Map<String, String> headers = new HashMap<>();
      headers.put("authorization", bearer());
      headers.put(header, value);
      return call(headers, "POST", path, body);
    }

    Answer delete(String path) {
      return call(bearer(), "DELETE", path, null);
    }

    Answer call(String method, String path, @Nullable String body) {
      return TestApi.this.call(bearer(), method, path, body);
    }

    private Answer call(String authorization, String method, String path, @Nullable String body) {
      return TestApi.this.call(authorization, method, path, body);
    }

    private Answer call(
        Map<String, String> headers, String method, String path, @Nullable String body) {
      return TestApi.this.call(headers, method, path, body);
    }

    /** A new instance. */
    Instance instance() {
      Answer created = post("/v1/instances", "{\"name\":\"Support\"}");
      assertThat(created.status()).isEqualTo(201);
      return row(new InstanceId(created.text("/id")));
    }

    /** A new instance that is connected. */
    Instance connected() {
      Instance instance = instance();
      project(instance.id(), InstanceStatus.CONNECTED, PAIRING);
      return row(instance.id());
    }

    Instance row(InstanceId instance) {
      return instances.load(instance).orElseThrow();
    }

    private String bearer() {
      return "Bearer " + key.text();
    }
  }

  /** The JSON of a request to send a text. */
  static String text(String to, String text) {
    return Json.write(
        Json.object()
            .put("to", to)
            .set("body", Json.object().put("type", "text").put("text", text)));
  }

  /** The JSON of a request to send a text that has a name. */
  static String text(String to, String text, String clientRef) {
    JsonNode json = Json.read(text(to, text));
    return Json.write(((ObjectNode) json).put("client_ref", clientRef));
  }
}
