package dev.heliograph.function;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.account.KeysHandler;
import dev.heliograph.api.ApiHandler;
import dev.heliograph.api.QrRoute;
import dev.heliograph.event.EventFanoutHandler;
import dev.heliograph.event.FanoutAgainHandler;
import dev.heliograph.journal.Journal;
import dev.heliograph.json.Json;
import dev.heliograph.table.QueueDefinition;
import dev.heliograph.table.Queues;
import dev.heliograph.table.TableDefinition;
import dev.heliograph.table.Tables;
import dev.heliograph.template.Template;
import dev.heliograph.webhook.JanitorHandler;
import dev.heliograph.webhook.WebhookDeliveryHandler;
import dev.heliograph.webhook.Webhooks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The template says what the Java definitions say. What AWS makes of it, cfn-lint knows. */
class TemplateTest {
  private static final Template TEMPLATE = Template.read();
  private static final Pattern ALARM = Pattern.compile("### [a-z0-9, -]+");
  private static final Map<String, JsonNode> TABLES =
      TEMPLATE.named("AWS::DynamoDB::Table", "TableName");
  private static final Map<String, JsonNode> QUEUES =
      TEMPLATE.named("AWS::SQS::Queue", "QueueName");

  static List<TableDefinition> tables() {
    return Tables.ALL;
  }

  static List<QueueDefinition> queues() {
    return Queues.ALL;
  }

  @Test
  void itHasEachTableAndQueueAndNoOther() {
    assertThat(TABLES.keySet())
        .containsExactlyInAnyOrderElementsOf(
            Tables.ALL.stream().map(TableDefinition::name).toList());
    assertThat(QUEUES.keySet())
        .containsExactlyInAnyOrderElementsOf(
            Queues.ALL.stream().map(QueueDefinition::name).toList());
  }

  @ParameterizedTest
  @MethodSource("tables")
  void aTableHasItsKeysAndIndexes(TableDefinition table) {
    JsonNode properties = requireNonNull(TABLES.get(table.name()));
    Map<String, String> attributes = new TreeMap<>();
    List<TableDefinition.Key> keys = keys(table);
    keys.forEach(key -> attributes.put(key.name(), key.type().toString()));

    assertThat(keySchema(properties)).isEqualTo(keySchema(table.partition(), table.sort()));
    assertThat(
            elements(properties.get("AttributeDefinitions")).stream()
                .collect(
                    Collectors.toMap(
                        attribute -> attribute.get("AttributeName").asText(),
                        attribute -> attribute.get("AttributeType").asText())))
        .isEqualTo(attributes);
    assertThat(elements(properties.get("GlobalSecondaryIndexes")).stream().map(Index::of))
        .containsExactlyInAnyOrderElementsOf(table.indexes().stream().map(Index::of).toList());
  }

  @ParameterizedTest
  @MethodSource("tables")
  void aTableHasItsTtlAndStream(TableDefinition table) {
    JsonNode properties = requireNonNull(TABLES.get(table.name()));

    assertThat(properties.at("/TimeToLiveSpecification/AttributeName").asText())
        .isEqualTo(String.valueOf(table.ttl()));
    assertThat(properties.at("/TimeToLiveSpecification/Enabled").asBoolean()).isTrue();
    assertThat(properties.at("/StreamSpecification/StreamViewType").asText())
        .isEqualTo(table.stream() ? "NEW_IMAGE" : "");
    assertThat(properties.get("BillingMode").asText()).isEqualTo("PAY_PER_REQUEST");
  }

  @ParameterizedTest
  @MethodSource("tables")
  void aTableIsEncryptedWithItsKeyAndKeptFromAccidents(TableDefinition table) {
    JsonNode properties = requireNonNull(TABLES.get(table.name()));

    assertThat(properties.at("/SSESpecification/KMSMasterKeyId").asText())
        .isEqualTo("TablesKey.Arn");
    assertThat(properties.at("/SSESpecification/SSEType").asText()).isEqualTo("KMS");
    assertThat(properties.get("DeletionProtectionEnabled").asBoolean()).isTrue();
    assertThat(
            properties
                .at("/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled")
                .asBoolean())
        .isTrue();
  }

  @Test
  void whatHoldsDataOutlivesTheStack() {
    for (JsonNode resource : TEMPLATE.yaml().get("Resources")) {
      if (List.of("AWS::DynamoDB::Table", "AWS::KMS::Key", "AWS::SecretsManager::Secret")
          .contains(resource.get("Type").asText())) {
        assertThat(resource.path("DeletionPolicy").asText()).isEqualTo("Retain");
        assertThat(resource.path("UpdateReplacePolicy").asText()).isEqualTo("Retain");
      }
    }
  }

  @Test
  void keysAreRotatedByKms() {
    assertThat(TEMPLATE.resources("AWS::KMS::Key").values())
        .hasSize(2)
        .allSatisfy(key -> assertThat(key.get("EnableKeyRotation").asBoolean()).isTrue());
  }

  /** What is restored and deleted by hand is each table, and none of another stack's. */
  @Test
  void theRunbookNamesEachTable() throws Exception {
    String names = String.join(" ", TABLES.keySet());

    assertThat(Files.readString(Path.of("..", "docs", "operations.md")))
        .contains("TABLES=\"" + names + "\"", "for TABLE in " + names + "; do");
  }

  @ParameterizedTest
  @MethodSource("queues")
  void aQueueHasItsTimeoutAndItsDeadLetters(QueueDefinition queue) {
    JsonNode properties = requireNonNull(QUEUES.get(queue.name()));

    assertThat(properties.get("VisibilityTimeout").asLong())
        .isEqualTo(queue.visibilityTimeout().toSeconds());
    assertThat(properties.has("FifoQueue")).isFalse();
    assertThat(deadLetters(properties)).isEqualTo(String.valueOf(queue.deadLetterQueue()));
    assertThat(properties.get("SqsManagedSseEnabled").asBoolean()).isTrue();
    assertThat(properties.at("/RedrivePolicy/maxReceiveCount").asInt())
        .isEqualTo(queue.maxReceives());
  }

  @Test
  void itsFunctionsAreTheHandlersThatThereAre() throws Exception {
    Map<String, JsonNode> functions = TEMPLATE.resources("AWS::Serverless::Function");

    assertThat(functions.values().stream().map(function -> function.get("Handler").asText()))
        .containsExactlyInAnyOrder(
            ApiHandler.class.getName(),
            EventFanoutHandler.class.getName(),
            FanoutAgainHandler.class.getName(),
            WebhookDeliveryHandler.class.getName(),
            JanitorHandler.class.getName(),
            KeysHandler.class.getName());
    for (JsonNode function : functions.values()) {
      Class<?> handler = Class.forName(function.get("Handler").asText());
      assertThat(handler).isAssignableTo(RequestHandler.class);
      assertThat(handler.getConstructor().getParameterCount()).isZero();
      assertThat(function.get("CodeUri").asText()).isEqualTo("api-functions/target/api.zip");
    }
    assertThat(TEMPLATE.yaml().at("/Globals/Function/Runtime").asText()).isEqualTo("java25");
  }

  @Test
  void theVariablesOfAFunctionAreOnesThatItTakes() {
    Map<String, String> variables = new HashMap<>();
    for (var variable : variables().properties()) {
      String parameter = variable.getValue().asText();
      variables.put(
          variable.getKey(),
          TEMPLATE.yaml().at("/Parameters/" + parameter + "/Default").asText(parameter));
    }

    FunctionSettings settings = FunctionSettings.from(variables);

    assertThat(settings.prefix()).isEqualTo("heliograph-");
    assertThat(settings.tick()).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.sendDeadline()).isEqualTo(Duration.ofMinutes(10));
    assertThat(settings.allowedCidrs()).isEmpty();
    assertThat(settings.secretKey()).isEqualTo(new SecretSource.InSecretsManager("SecretKey"));
    assertThat(settings.namespace()).isEqualTo("Heliograph");
  }

  @Test
  void aFunctionIsToldOfAllThatItAsksFor() throws Exception {
    Set<String> asked =
        new TreeSet<>(Template.variablesIn("api-functions", FunctionSettings.class));
    asked.remove("HELIOGRAPH_SECRET_KEY"); // would be in plain sight: its ARN is said

    assertThat(variables().properties())
        .extracting(Map.Entry::getKey)
        .containsExactlyInAnyOrderElementsOf(asked);
    for (JsonNode function : TEMPLATE.resources("AWS::Serverless::Function").values()) {
      assertThat(function.has("Environment")).isFalse();
    }
  }

  private static JsonNode variables() {
    return TEMPLATE.yaml().at("/Globals/Function/Environment/Variables");
  }

  @Test
  void theApiAnswersBeforeTheGatewayGivesUp() {
    JsonNode event = TEMPLATE.event(ApiHandler.class);

    assertThat(event.has("Path")).as("all requests").isFalse();
    assertThat(event.get("PayloadFormatVersion").asText()).isEqualTo("2.0");
    assertThat(timeout(ApiHandler.class))
        .isLessThan(Duration.ofMillis(event.get("TimeoutInMillis").asLong()))
        .isGreaterThan(QrRoute.PATIENCE.plusSeconds(5));
  }

  @Test
  void requestsAreThrottledAndLoggedWithoutWhatTheyAskFor() {
    JsonNode api = TEMPLATE.resource("HttpApi");
    JsonNode limits = api.get("DefaultRouteSettings");
    String format = api.at("/AccessLogSettings/Format").asText();

    assertThat(limits.get("ThrottlingRateLimit").asText()).isEqualTo("ApiRateLimit");
    assertThat(limits.get("ThrottlingBurstLimit").asText()).isEqualTo("ApiBurstLimit");
    assertThat(api.at("/AccessLogSettings/DestinationArn").asText()).isEqualTo("AccessLogs.Arn");
    assertThat(Json.read(format).path("request").asText()).isEqualTo("$context.requestId");
    assertThat(format).doesNotContain("path", "routeKey", "identity", "authorizer");
  }

  @Test
  void fanOutIsAskedAgainFromWhereItFailed() {
    JsonNode event = TEMPLATE.event(EventFanoutHandler.class);

    assertThat(event.get("Stream"))
        .extracting(JsonNode::asText)
        .containsExactly(
            "HasJournalStream", "${Journal.Arn}/stream/${JournalStream}", "Journal.StreamArn");
    assertThat(event.get("StartingPosition").asText()).isEqualTo("TRIM_HORIZON");
    assertThat(event.get("FunctionResponseTypes").get(0).asText())
        .isEqualTo("ReportBatchItemFailures");
    assertThat(event.get("BisectBatchOnFunctionError").asBoolean()).isTrue();
    // An outage is waited out, but what fails is given up before the stream loses it unsaid.
    assertThat(event.get("MaximumRetryAttempts").asInt()).isEqualTo(-1);
    assertThat(Duration.ofSeconds(event.get("MaximumRecordAgeInSeconds").asLong()))
        .isBetween(Duration.ofHours(20), Duration.ofHours(23));
    assertThat(event.at("/DestinationConfig/OnFailure/Destination").asText())
        .isEqualTo("EventFanoutDead.Arn");
  }

  @Test
  void aShardOfTheStreamIsReadInLanesThatKeepTheOrderOfEachInstance() {
    assertThat(TEMPLATE.event(EventFanoutHandler.class).get("ParallelizationFactor").asInt())
        .isBetween(2, 10); // what Lambda takes
    // Within a shard it keeps the order of each partition key.
    assertThat(Tables.JOURNAL.partition().name()).isEqualTo(Journal.INSTANCE);
  }

  @Test
  void aDeliveryIsNotRungForAgainWhileItsFunctionRuns() {
    JsonNode event = TEMPLATE.event(WebhookDeliveryHandler.class);

    assertThat(event.get("Queue").asText()).isEqualTo("WebhookDeliveriesQueue.Arn");
    // More than ten need a batching window.
    assertThat(event.get("BatchSize").asInt()).isEqualTo(10);
    assertThat(event.get("FunctionResponseTypes").get(0).asText())
        .isEqualTo("ReportBatchItemFailures");
    JsonNode most =
        TEMPLATE.yaml().at("/Parameters/" + event.at("/ScalingConfig/MaximumConcurrency").asText());
    assertThat(most.get("MinValue").asInt()).isEqualTo(2); // what Lambda takes
    assertThat(most.get("MaxValue").asInt()).isEqualTo(1000);
    Duration timeout = timeout(WebhookDeliveryHandler.class);
    assertThat(Queues.WEBHOOK_DELIVERIES.visibilityTimeout())
        .isGreaterThanOrEqualTo(timeout.multipliedBy(6));
    assertThat(timeout).isGreaterThan(Webhooks.ATTEMPT.plusSeconds(10));
    assertThat(timeout).isLessThanOrEqualTo(Webhooks.LONGEST_CALL);
    assertThat(Webhooks.LONGEST_CALL).isLessThan(Webhooks.CLAIM);
  }

  @ParameterizedTest
  @MethodSource("queues")
  void aQueueHasAnAlarm(QueueDefinition queue) {
    boolean isForDeadLetters = queue.deadLetterQueue() == null;
    String metric =
        isForDeadLetters ? "ApproximateNumberOfMessagesVisible" : "ApproximateAgeOfOldestMessage";
    String id = logicalId(queue);

    assertThat(
            TEMPLATE.alarms(
                it ->
                    it.path("MetricName").asText().equals(metric)
                        && it.at("/Dimensions/0/Value").asText().equals(id + ".QueueName")))
        .hasSize(1);
  }

  private static String logicalId(QueueDefinition queue) {
    return TEMPLATE.resources("AWS::SQS::Queue").entrySet().stream()
        .filter(it -> it.getValue().get("QueueName").asText().equals("${Prefix}" + queue.name()))
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  /** What ends with a version has an alias, a canary that alarms end, and a snapshot. */
  @Test
  void aNewVersionIsTriedBeforeItIsTrusted() {
    for (Class<?> handler :
        List.of(ApiHandler.class, EventFanoutHandler.class, WebhookDeliveryHandler.class)) {
      JsonNode function = TEMPLATE.function(handler);
      assertThat(function.get("AutoPublishAlias").asText()).isEqualTo("live");
      assertThat(function.at("/DeploymentPreference/Type").asText()).startsWith("Canary");
      assertThat(elements(function.at("/DeploymentPreference/Alarms")))
          .isNotEmpty()
          .allSatisfy(
              alarm ->
                  assertThat(TEMPLATE.resources("AWS::CloudWatch::Alarm"))
                      .containsKey(alarm.asText()));
    }
    assertThat(TEMPLATE.yaml().at("/Globals/Function/SnapStart/ApplyOn").asText())
        .isEqualTo("PublishedVersions");
  }

  /** A handler answers itself for most of what fails in it, and Lambda hears of no error. */
  @Test
  void aNewVersionIsTakenBackForWhatItOnlyLogs() {
    for (Class<?> handler :
        List.of(ApiHandler.class, EventFanoutHandler.class, WebhookDeliveryHandler.class)) {
      JsonNode function = TEMPLATE.function(handler);
      JsonNode metrics =
          TEMPLATE.resource(function.at("/DeploymentPreference/Alarms/0").asText()).get("Metrics");

      assertThat(metrics.at("/0/Expression").asText()).isEqualTo("SUM(METRICS())");
      assertThat(metrics.at("/1/MetricStat/Metric/MetricName").asText()).isEqualTo("Errors");
      assertThat(logsWithErrorsIn(metrics.at("/2/MetricStat/Metric/MetricName").asText()))
          .containsExactly(function.at("/LoggingConfig/LogGroup").asText());
    }
  }

  private static List<String> logsWithErrorsIn(String metric) {
    return TEMPLATE.resources("AWS::Logs::MetricFilter").values().stream()
        .filter(it -> it.at("/MetricTransformations/0/MetricName").asText().equals(metric))
        .filter(it -> it.get("FilterPattern").asText().equals("{ $.level = \"ERROR\" }"))
        .map(it -> it.get("LogGroupName").asText())
        .toList();
  }

  @Test
  void theJanitorComesEachMinute() {
    assertThat(TEMPLATE.event(JanitorHandler.class).get("Schedule").asText())
        .isEqualTo("rate(1 minute)");
  }

  @Test
  void eachAlarmHasItsParagraphInTheRunbook() throws Exception {
    Set<String> described = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of("..", "docs", "operations.md"))) {
      if (ALARM.matcher(line).matches()) {
        described.addAll(List.of(line.substring("### ".length()).split(", ")));
      }
    }

    assertThat(described).isEqualTo(TEMPLATE.named("AWS::CloudWatch::Alarm", "AlarmName").keySet());
  }

  @Test
  void eachAlarmIsHeard() {
    assertThat(TEMPLATE.resources("AWS::CloudWatch::Alarm").values())
        .allSatisfy(
            alarm -> assertThat(alarm.at("/AlarmActions/0").asText()).isEqualTo("AlarmTopic"));
    String dashboard = TEMPLATE.resource("Dashboard").get("DashboardBody").asText();
    assertThat(Json.read(dashboard).at("/widgets")).isNotEmpty();
    assertThat(TEMPLATE.named("AWS::CloudWatch::Alarm", "AlarmName").keySet())
        .allSatisfy(name -> assertThat(dashboard).contains("alarm:${Prefix}" + name + "\""));
  }

  @Test
  void eachLogIsKeptForAWhileAndReadForErrors() {
    List<String> watched =
        TEMPLATE.resources("AWS::Logs::MetricFilter").values().stream()
            .map(filter -> filter.get("LogGroupName").asText())
            .toList();
    for (var group : TEMPLATE.resources("AWS::Logs::LogGroup").entrySet()) {
      assertThat(group.getValue().get("RetentionInDays").asText()).isEqualTo("LogRetentionDays");
      if (!group.getKey().equals("AccessLogs")) {
        assertThat(watched).contains(group.getKey());
      }
    }
  }

  private static Duration timeout(Class<?> handler) {
    return Duration.ofSeconds(TEMPLATE.function(handler).get("Timeout").asLong());
  }

  /** The name of the queue that the redrive policy leads to; {@code null} if there is none. */
  private static String deadLetters(JsonNode queue) {
    JsonNode target = queue.at("/RedrivePolicy/deadLetterTargetArn");
    if (target.isMissingNode()) {
      return "null";
    }
    String logicalId = target.asText().replace(".Arn", "");
    JsonNode dead = TEMPLATE.resources("AWS::SQS::Queue").get(logicalId);
    return String.valueOf(dead == null ? null : dead.get("QueueName").asText())
        .replace("${Prefix}", "");
  }

  private static List<TableDefinition.Key> keys(TableDefinition table) {
    List<TableDefinition.Key> keys = new ArrayList<>(List.of(table.partition()));
    TableDefinition.Key sort = table.sort();
    if (sort != null) {
      keys.add(sort);
    }
    table.indexes().forEach(index -> keys.addAll(List.of(index.partition(), index.sort())));
    return keys;
  }

  private static List<String> keySchema(JsonNode properties) {
    return elements(properties.get("KeySchema")).stream()
        .map(key -> key.get("AttributeName").asText() + " " + key.get("KeyType").asText())
        .toList();
  }

  private static List<String> keySchema(
      TableDefinition.Key partition, TableDefinition.@Nullable Key sort) {
    return sort == null
        ? List.of(partition.name() + " HASH")
        : List.of(partition.name() + " HASH", sort.name() + " RANGE");
  }

  private static List<JsonNode> elements(@Nullable JsonNode list) {
    List<JsonNode> elements = new ArrayList<>();
    if (list != null) {
      list.forEach(elements::add);
    }
    return elements;
  }

  /** An index, in the same words from either side. */
  private record Index(String name, List<String> keys, String projection, List<String> includes) {
    static Index of(JsonNode index) {
      return new Index(
          index.get("IndexName").asText(),
          keySchema(index),
          index.at("/Projection/ProjectionType").asText(),
          elements(index.at("/Projection/NonKeyAttributes")).stream()
              .map(JsonNode::asText)
              .sorted()
              .toList());
    }

    static Index of(TableDefinition.Index index) {
      return new Index(
          index.name(),
          keySchema(index.partition(), index.sort()),
          index.includes().isEmpty() ? "KEYS_ONLY" : "INCLUDE",
          index.includes().stream().sorted().toList());
    }
  }
}
