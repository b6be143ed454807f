package dev.heliograph.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.account.ApiKey;
import dev.heliograph.account.KeysHandler;
import dev.heliograph.api.ApiHandler;
import dev.heliograph.event.EventFanoutHandler;
import dev.heliograph.event.FanoutAgainHandler;
import dev.heliograph.json.Json;
import dev.heliograph.local.aws.LocalAws;
import dev.heliograph.local.e2e.WebhookReceiver;
import dev.heliograph.table.Queues;
import dev.heliograph.table.Tables;
import dev.heliograph.template.Template;
import dev.heliograph.webhook.JanitorHandler;
import dev.heliograph.webhook.WebhookDeliveryHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * One event from the API to its receiver, each function a process of its own, with SnapStart where
 * the template gives it.
 */
class FunctionsIT {
  private static final String PREFIX = "heliograph-";
  private static final Path ROOT = Path.of("../..");
  private static final Template TEMPLATE = Template.in(ROOT);

  @TempDir static Path folder;

  private static Emulator emulator;
  private static LocalAws aws;
  private static DynamoDbClient dynamoDb;
  private static SqsClient sqs;
  private static Map<String, String> environment;

  private final Map<Class<?>, EmulatedFunction> started = new LinkedHashMap<>();

  @BeforeAll
  static void start() throws Exception {
    emulator = Emulator.required(ROOT);
    aws = LocalAws.start(folder.resolve("dynamodb"), 0, 0, PREFIX);
    dynamoDb = aws.addresses().dynamoDbClient();
    sqs = aws.addresses().sqsClient();
    environment = new HashMap<>(aws.addresses().environment());
    environment.put("HELIOGRAPH_SECRET_KEY", "a key that is long enough for this test");
    environment.put("HELIOGRAPH_WEBHOOK_ALLOWED_CIDRS", "127.0.0.0/8");
  }

  @AfterAll
  static void stop() {
    if (aws != null) {
      dynamoDb.close();
      sqs.close();
      aws.close();
    }
  }

  @Test
  void eachFunctionDoesItsPartFromTheArchive() throws IOException {
    String customer;
    ApiKey key;
    try (EmulatedFunction keys = start(KeysHandler.class)) {
      JsonNode made = Json.read(keys.invoke("{\"new\":\"Acme\"}"));
      customer = made.get("customer").asText();
      key = new ApiKey(made.get("key").asText());
    }
    List<JsonNode> received = new CopyOnWriteArrayList<>();
    try (WebhookReceiver receiver =
        WebhookReceiver.start(delivery -> received.add(delivery.event()))) {
      String instance;
      try (EmulatedFunction api = start(ApiHandler.class)) {
        receiver.verifyWith(
            call(api, key, "POST", "/v1/webhooks", Json.object().put("url", "" + receiver.url()))
                .get("secret")
                .asText());
        instance =
            call(api, key, "POST", "/v1/instances", Json.object().put("name", "shop"))
                .get("id")
                .asText();
      }

      try (EmulatedFunction fanOut = start(EventFanoutHandler.class)) {
        JsonNode failures = Json.read(fanOut.invoke(streamEvent(instance, customer)));
        assertThat(failures.get("batchItemFailures")).isEmpty();
      }
      String ring = take();
      String delivery = deliveryIn(ring);

      ringLater(delivery);
      try (EmulatedFunction janitor = start(JanitorHandler.class)) {
        assertThat(janitor.invoke("{}")).isEqualTo("null");
      }
      assertThat(deliveryIn(take())).isEqualTo(delivery);

      try (EmulatedFunction deliveries = start(WebhookDeliveryHandler.class)) {
        JsonNode failures = Json.read(deliveries.invoke(Events.queue(ring)));
        assertThat(failures.get("batchItemFailures")).isEmpty();
      }
      assertThat(received)
          .singleElement()
          .extracting(event -> event.get("instance_id").asText())
          .isEqualTo(instance);

      try (EmulatedFunction again = start(FanoutAgainHandler.class)) {
        assertThat(again.invoke("{\"since\":\"2026-01-01T00:00:00Z\"}")).isEqualTo("{}");
      }
    }

    assertThat(started.keySet())
        .extracting(Class::getName)
        .containsExactlyInAnyOrderElementsOf(TEMPLATE.handlers());
    started.forEach(FunctionsIT::wasRestoredIfItHasSnapStart);
  }

  private static void wasRestoredIfItHasSnapStart(Class<?> handler, EmulatedFunction function) {
    int snapshots = TEMPLATE.hasSnapStart(handler) ? 1 : 0;
    assertThat(function.restores()).as(handler.getName()).isEqualTo(snapshots);
    assertThat(function.primings()).as(function.log()).isEqualTo(snapshots);
  }

  private EmulatedFunction start(Class<?> handler) throws IOException {
    EmulatedFunction function =
        EmulatedFunction.start(
            emulator,
            FunctionPackage.in(ROOT),
            handler,
            Files.createDirectory(folder.resolve(handler.getSimpleName())),
            environment,
            TEMPLATE.hasSnapStart(handler));
    started.put(handler, function);
    return function;
  }

  private static JsonNode call(
      EmulatedFunction api, ApiKey key, String method, String path, @Nullable JsonNode body) {
    JsonNode answer = Json.read(api.invoke(Events.http(key.text(), method, path, body)));
    assertThat(answer.get("statusCode").asInt()).as(answer.path("body").asText()).isEqualTo(201);
    return Json.read(answer.get("body").asText());
  }

  private static String streamEvent(String instance, String customer) {
    return Events.stream(instance, customer, "instance.connected");
  }

  private static String deliveryIn(String ring) {
    return Json.read(ring).get("delivery").asText();
  }

  /** The one message in the queue. */
  private static String take() {
    String url =
        sqs.getQueueUrl(get -> get.queueName(Queues.WEBHOOK_DELIVERIES.in(PREFIX))).queueUrl();
    var messages = sqs.receiveMessage(receive -> receive.queueUrl(url)).messages();
    assertThat(messages).hasSize(1);
    sqs.deleteMessage(
        delete -> delete.queueUrl(url).receiptHandle(messages.getFirst().receiptHandle()));
    return messages.getFirst().body();
  }

  /** As if its ring had been lost long ago. */
  private static void ringLater(String delivery) {
    dynamoDb.updateItem(
        update ->
            update
                .tableName(Tables.WEBHOOK_DELIVERIES.in(PREFIX))
                .key(Map.of("id", AttributeValue.fromS(delivery)))
                .updateExpression("SET ring_at = :long_ago")
                .expressionAttributeValues(Map.of(":long_ago", AttributeValue.fromN("1"))));
  }
}
