package dev.heliograph.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext.Http;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.account.CustomerId;
import dev.heliograph.account.KeysHandler;
import dev.heliograph.api.ApiHandler;
import dev.heliograph.api.NoContext;
import dev.heliograph.authstate.PairingId;
import dev.heliograph.event.EventFanoutHandler;
import dev.heliograph.event.FanoutAgainHandler;
import dev.heliograph.event.JournalStream;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.instance.Instances;
import dev.heliograph.instance.PhoneNumber;
import dev.heliograph.instance.StatusProjection;
import dev.heliograph.json.Json;
import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.table.LocalSqs;
import dev.heliograph.table.Queues;
import dev.heliograph.template.RecordedCalls;
import dev.heliograph.template.Template;
import dev.heliograph.webhook.JanitorHandler;
import dev.heliograph.webhook.Receiver;
import dev.heliograph.webhook.WebhookDeliveryHandler;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A function's role allows what the function calls, and nothing else. */
class RolesTest {
  private static final Template TEMPLATE = Template.read();

  @RegisterExtension final LocalDynamoDb dynamoDb = LocalDynamoDb.withAllTables();
  @RegisterExtension final LocalSqs sqs = LocalSqs.withAllQueues().beside(dynamoDb);

  private Map<String, String> key = Map.of();

  @BeforeEach
  void createCustomer() {
    key = functions(unheard()).keysHandler().handleRequest(Map.of("new", "shop"), new NoContext());
  }

  private RecordedCalls unheard() {
    return new RecordedCalls(dynamoDb.prefix());
  }

  /** Over clients whose calls are noted. */
  private Functions functions(RecordedCalls calls) {
    return functions(calls, InstantSource.system());
  }

  private Functions functions(RecordedCalls calls, InstantSource clock) {
    Map<String, String> variables = new HashMap<>();
    variables.put("HELIOGRAPH_PREFIX", dynamoDb.prefix());
    variables.put("HELIOGRAPH_SECRET_KEY", "k".repeat(32));
    variables.put("HELIOGRAPH_WEBHOOK_ALLOWED_CIDRS", "127.0.0.0/8");
    return new Functions(
        FunctionSettings.from(variables),
        calls.through(dynamoDb.client()),
        calls.through(sqs.client()),
        clock);
  }

  /**
   * Compares with what the role of this handler allows.
   *
   * @param others what no call of ours needs, and somebody else does, with the reason beside it
   */
  private void assertAllowed(Class<?> handler, RecordedCalls calls, String... others) {
    Set<String> needed = new TreeSet<>(calls.calls());
    needed.addAll(List.of(others));
    Set<String> allowed = TEMPLATE.allowedTo(TEMPLATE.role(handler));
    // The log group of the function, for Lambda itself.
    allowed.removeIf(it -> it.matches("logs:(CreateLogStream|PutLogEvents) \\w+Logs"));

    assertThat(allowed).isEqualTo(needed);
  }

  @Test
  void theApi() {
    RecordedCalls calls = unheard();
    ApiHandler api = functions(calls).apiHandler();
    api.prime();
    String instance = call(api, "POST", "/v1/instances", "{\"name\":\"shop\"}").path("id").asText();
    String path = "/v1/instances/" + instance;
    call(api, "GET", "/v1/instances", null);
    call(api, "GET", path, null);
    call(api, "POST", path + "/connect", null);
    pair(new InstanceId(instance));
    call(api, "GET", path, null); // a live one is shown as its worker sees it
    JsonNode message =
        call(
            api,
            "POST",
            path + "/messages",
            "{\"to\":\"+14155550123\",\"body\":{\"type\":\"text\",\"text\":\"Hello\"}}");
    call(api, "GET", path + "/messages/" + message.path("message_id").asText(), null);
    String webhook =
        call(api, "POST", "/v1/webhooks", "{\"url\":\"http://127.0.0.1:1/\"}").path("id").asText();
    call(api, "GET", "/v1/webhooks", null);
    call(api, "GET", "/v1/webhooks/" + webhook, null);
    call(api, "DELETE", "/v1/webhooks/" + webhook, null);
    call(api, "DELETE", path, null);

    assertAllowed(
        ApiHandler.class,
        calls,
        // Its environment says where the key is: SecretSourceTest.
        "secretsmanager:GetSecretValue SecretKey");
  }

  private void pair(InstanceId instance) {
    PairingId pairing = PairingId.draw(IdGenerator.random());
    Instant now = Instant.now();
    new Instances(dynamoDb.client(), dynamoDb.prefix(), InstantSource.system())
        .project(
            instance,
            1,
            new StatusProjection(
                InstanceStatus.CONNECTED,
                null,
                new PhoneNumber("14155550100"),
                null,
                pairing,
                0,
                null,
                now,
                now));
  }

  private JsonNode call(ApiHandler api, String method, String path, @Nullable String body) {
    APIGatewayV2HTTPResponse response =
        api.handleRequest(
            APIGatewayV2HTTPEvent.builder()
                .withVersion("2.0")
                .withRawPath(path)
                .withRawQueryString("")
                .withHeaders(Map.of("authorization", "Bearer " + key.get("key")))
                .withBody(body)
                .withRequestContext(
                    RequestContext.builder()
                        .withRequestId("request-1")
                        .withHttp(Http.builder().withMethod(method).withPath(path).build())
                        .build())
                .build(),
            new NoContext());
    assertThat(response.getStatusCode()).as(method + " " + path).isBetween(200, 299);
    return response.getBody().isEmpty() ? Json.object() : Json.read(response.getBody());
  }

  private CustomerId customer() {
    return new CustomerId(key.getOrDefault("customer", ""));
  }

  private void subscribe(int port) {
    call(
        functions(unheard()).apiHandler(),
        "POST",
        "/v1/webhooks",
        "{\"url\":\"http://127.0.0.1:%d/\"}".formatted(port));
  }

  private JournalStream stream() {
    return new JournalStream(dynamoDb, customer());
  }

  @Test
  void fanOut() {
    subscribe(1);
    RecordedCalls calls = unheard();
    EventFanoutHandler handler = functions(calls).eventFanoutHandler();
    handler.prime();

    assertThat(handler.handleRequest(stream().event(), new NoContext()).getBatchItemFailures())
        .isEmpty();

    assertAllowed(
        EventFanoutHandler.class,
        calls,
        // Lambda reads the stream in the function's name, and leaves there what it gave up on.
        "dynamodb:DescribeStream journal/stream/*",
        "dynamodb:GetRecords journal/stream/*",
        "dynamodb:GetShardIterator journal/stream/*",
        "dynamodb:ListStreams journal/stream/*",
        "sqs:SendMessage event-fanout-dead");
  }

  @Test
  void fanOutAgain() {
    subscribe(1);
    stream();
    RecordedCalls calls = unheard();

    functions(calls)
        .fanoutAgainHandler()
        .handleRequest(Map.of("since", "2020-01-01T00:00:00Z"), new NoContext());

    assertAllowed(FanoutAgainHandler.class, calls);
  }

  @Test
  void webhookDelivery() {
    RecordedCalls calls = unheard();
    WebhookDeliveryHandler handler = functions(calls).webhookDeliveryHandler();
    handler.prime();
    try (Receiver receiver = Receiver.start()) {
      subscribe(receiver.port());
      receiver.answer(500);
      functions(unheard()).eventFanoutHandler().handleRequest(stream().event(), new NoContext());
      List<String> rings = sqs.takeAll(Queues.WEBHOOK_DELIVERIES);
      assertThat(rings).isNotEmpty();
      // The second one meets the attempt of the first, or finds that it is not time yet.
      deliver(handler, rings);
      deliver(handler, rings);
    }

    assertAllowed(
        WebhookDeliveryHandler.class,
        calls,
        // Its environment says where the key is: SecretSourceTest.
        "secretsmanager:GetSecretValue SecretKey",
        // Lambda reads the queue in the function's name.
        "sqs:DeleteMessage webhook-deliveries",
        "sqs:GetQueueAttributes webhook-deliveries",
        "sqs:ReceiveMessage webhook-deliveries");
  }

  private static void deliver(WebhookDeliveryHandler handler, List<String> rings) {
    SQSEvent batch = new SQSEvent();
    batch.setRecords(
        rings.stream()
            .map(
                ring -> {
                  SQSMessage message = new SQSMessage();
                  message.setMessageId("message-1");
                  message.setBody(ring);
                  return message;
                })
            .toList());
    assertThat(handler.handleRequest(batch, new NoContext()).getBatchItemFailures()).isEmpty();
  }

  @Test
  void theJanitor() {
    subscribe(1);
    functions(unheard()).eventFanoutHandler().handleRequest(stream().event(), new NoContext());
    String instance =
        call(functions(unheard()).apiHandler(), "POST", "/v1/instances", "{\"name\":\"shop\"}")
            .path("id")
            .asText();
    pair(new InstanceId(instance));
    call(
        functions(unheard()).apiHandler(),
        "POST",
        "/v1/instances/" + instance + "/messages",
        "{\"to\":\"+14155550123\",\"body\":{\"type\":\"text\",\"text\":\"Hello\"}}");
    RecordedCalls calls = unheard();

    // Old enough to be rung for again, and before the message's deadline.
    Instant later = Instant.now().plus(Duration.ofMinutes(6));
    functions(calls, () -> later)
        .janitorHandler()
        .handleRequest(new ScheduledEvent(), new NoContext());

    assertAllowed(JanitorHandler.class, calls);
  }

  @Test
  void keys() {
    RecordedCalls calls = unheard();
    KeysHandler handler = functions(calls).keysHandler();
    Map<String, String> made = handler.handleRequest(Map.of("new", "shop"), new NoContext());
    handler.handleRequest(Map.of("new", "another shop"), new NoContext());
    handler.handleRequest(Map.of("revoke", made.getOrDefault("key", "")), new NoContext());

    assertAllowed(KeysHandler.class, calls);
  }

  /** No code of ours has this role: ECS starts the workers' containers in its name. */
  @Test
  void whatStartsAWorker() {
    assertThat(TEMPLATE.allowedTo("WorkerExecutionRole"))
        .containsExactlyInAnyOrder(
            // To pull the image: which layers there are, and where, for one that logged in.
            "ecr:GetAuthorizationToken *",
            "ecr:BatchCheckLayerAvailability WorkerRepository",
            "ecr:BatchGetImage WorkerRepository",
            "ecr:GetDownloadUrlForLayer WorkerRepository",
            // What the log driver does with what a worker prints.
            "logs:CreateLogStream WorkerLogs",
            "logs:PutLogEvents WorkerLogs");
  }

  /** Those of the functions are above, the workers' is in WorkerTemplateTest. */
  @Test
  void eachRoleIsHeldByATest() {
    assertThat(TEMPLATE.resources("AWS::IAM::Role").keySet())
        .containsExactlyInAnyOrder(
            TEMPLATE.role(ApiHandler.class),
            TEMPLATE.role(EventFanoutHandler.class),
            TEMPLATE.role(FanoutAgainHandler.class),
            TEMPLATE.role(KeysHandler.class),
            TEMPLATE.role(WebhookDeliveryHandler.class),
            TEMPLATE.role(JanitorHandler.class),
            "WorkerRole",
            "WorkerExecutionRole");
    // What a role may beyond its own policies, which are all that the tests look at.
    assertThat(TEMPLATE.resources("AWS::IAM::Role").values())
        .noneMatch(role -> role.has("ManagedPolicyArns"));
    assertThat(TEMPLATE.resources("AWS::IAM::Policy")).isEmpty();
    assertThat(TEMPLATE.resources("AWS::IAM::ManagedPolicy")).isEmpty();
  }

  @Test
  void noRoleMayReadAuthStateButTheWorkers() {
    for (String role : TEMPLATE.resources("AWS::IAM::Role").keySet()) {
      if (!role.equals("WorkerRole")) {
        assertThat(TEMPLATE.allowedTo(role)).as(role).noneMatch(it -> it.contains("auth-state"));
      }
    }
  }

  @Test
  void everythingIsAllowedForSomethingInParticular() {
    Set<String> everywhere = new TreeSet<>();
    for (String role : TEMPLATE.resources("AWS::IAM::Role").keySet()) {
      TEMPLATE.allowedTo(role).stream().filter(it -> it.endsWith(" *")).forEach(everywhere::add);
    }

    // A token is of a whole registry: AWS knows no resource for it.
    assertThat(everywhere).containsExactly("ecr:GetAuthorizationToken *");
  }
}
