package dev.heliograph.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.authstate.AuthState;
import dev.heliograph.authstate.KmsKeyWrapper;
import dev.heliograph.authstate.PairingId;
import dev.heliograph.cloudwatch.MetricsLog;
import dev.heliograph.event.StreamClient;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.instance.Desired;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.json.Json;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageStatus;
import dev.heliograph.table.Queues;
import dev.heliograph.template.RecordedCalls;
import dev.heliograph.template.Template;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What {@code template.yaml} says of workers is what a worker does and asks for. */
class WorkerTemplateTest extends WithWorker {
  private static final Template TEMPLATE = Template.read();
  private static final JsonNode CONTAINER =
      TEMPLATE.resource("WorkerTask").at("/ContainerDefinitions/0");

  private RecordedCalls calls = new RecordedCalls("");

  @Override
  AwsClients clients() {
    calls = new RecordedCalls(dynamoDb.prefix());
    AwsClients clients = super.clients();
    return new AwsClients(
        calls.through(clients.dynamoDb()),
        calls.through(clients.journal()),
        calls.through(clients.sqs()),
        clients.kms());
  }

  private static Map<String, String> variables() {
    Map<String, String> variables = new HashMap<>();
    CONTAINER
        .get("Environment")
        .forEach(it -> variables.put(it.get("Name").asText(), it.get("Value").asText()));
    return variables;
  }

  @Test
  void itsRoleAllowsWhatItCallsAndNothingElse() throws Exception {
    String phone = newPhone();
    String friend = newPhone();
    Instance instance = pair(phone);
    Message sent = send(instance, friend, "Hello");
    awaitMessage(sent, MessageStatus.DELIVERED);
    post("/phones/" + friend + "/messages", Json.object().put("to", phone).put("text", "Hi there"));
    await().atMost(SOON).until(() -> events(instance).contains("message.received"));
    fanOut(instance);
    try (StreamClient client = stream(worker(), instance, Map.of())) {
      client.awaitEvents(events(instance).size());
    }
    Set<String> called = new TreeSet<>(calls.calls());

    // The next one reads what this one has left, and ends it.
    worker().close();
    called.addAll(calls.calls());
    try (Worker next = startWorker()) {
      await().atMost(SOON).until(() -> metric(next, "heliograph_session_connected") == 1);
      Message again = send(instance, friend, "Hello again");
      awaitMessage(again, MessageStatus.DELIVERED);
      wish(instance, Desired.LOGGED_OUT);
      awaitStatus(instance, InstanceStatus.PENDING);
    }
    called.addAll(calls.calls());
    // Where a higher epoch is met than its own; the simulation has these.
    called.add("dynamodb:GetItem fleet");

    assertThat(TEMPLATE.allowedTo("WorkerRole")).isEqualTo(called);
  }

  @Test
  void itsVariablesAreOnesThatAWorkerTakes() {
    Map<String, String> variables = new HashMap<>();
    variables()
        .forEach(
            (name, parameter) ->
                variables.put(
                    name,
                    TEMPLATE.yaml().at("/Parameters/" + parameter + "/Default").asText(parameter)));

    WorkerSettings settings = WorkerSettings.from(variables);

    assertThat(settings.prefix()).isEqualTo("heliograph-");
    assertThat(settings.wrappingKey()).isEqualTo(new WrappingKey.InKms("SessionsKey.Arn"));
    assertThat(settings.metricsNamespace()).contains("Heliograph");
    assertThat(settings.tick()).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.generation()).isZero();
    assertThat(settings.streams()).isEqualTo(new InetSocketAddress("0.0.0.0", 9091));
  }

  /** What a worker can be told and is not: its defaults are meant for this. */
  @Test
  void nothingElseIsLeftToItsDefaultByOversight() throws Exception {
    Set<String> asked = new TreeSet<>(Template.variablesIn("session-worker", WorkerSettings.class));
    asked.removeAll(variables().keySet());

    assertThat(asked)
        .containsExactlyInAnyOrder(
            // Here it is KMS.
            "HELIOGRAPH_KEY_FILE",
            // For tests and simulations; a sandbox of one's own is no deployment.
            "HELIOGRAPH_WHATSAPP_URL",
            "HELIOGRAPH_WHATSAPP_NOISE_ROOT_KEY",
            // The lease and what hangs on it are tuned as one.
            "HELIOGRAPH_BEAT",
            "HELIOGRAPH_LEASE",
            "HELIOGRAPH_DISCONNECT_GRACE",
            "HELIOGRAPH_RESEND_DAYS",
            "HELIOGRAPH_MAX_SESSIONS",
            "HELIOGRAPH_MAX_LOGINS",
            "HELIOGRAPH_MAX_STREAMS",
            // The health check asks from within the container.
            "HELIOGRAPH_HEALTH_HOST",
            "HELIOGRAPH_HEALTH_PORT",
            // JSON, which the metric filter on ERROR reads.
            "HELIOGRAPH_LOG_FORMAT",
            "HELIOGRAPH_LOG_LEVEL");
  }

  @Test
  void itsFiguresAreThoseThatScalingAndAlarmsAreMadeOf() {
    Set<String> asked = new TreeSet<>();
    asked.add(
        TEMPLATE
            .resource("WorkerScalingPolicy")
            .at(
                "/TargetTrackingScalingPolicyConfiguration/CustomizedMetricSpecification/MetricName")
            .asText());
    for (JsonNode alarm : TEMPLATE.resources("AWS::CloudWatch::Alarm").values()) {
      collect(alarm, asked);
      alarm.path("Metrics").forEach(it -> collect(it.at("/MetricStat/Metric"), asked));
    }
    // The janitor's, and what metric filters make of lines at ERROR.
    asked.remove("MessagesOverdue");
    asked.removeIf(name -> name.endsWith("ErrorLines"));

    StringBuilder line = new StringBuilder();
    metrics()
        .report(new MetricsLog("Heliograph", "x", line::append), InstantSource.system())
        .write();
    Set<String> told =
        new TreeSet<>(
            Json.read(line.toString())
                .at("/_aws/CloudWatchMetrics/0/Metrics")
                .findValuesAsText("Name"));
    // Throttling alarms are made of DynamoDB's own figures; this one is for the dashboard.
    told.remove("Throttled");

    assertThat(told).isEqualTo(asked);
  }

  private static void collect(JsonNode metric, Set<String> names) {
    if (metric.path("Namespace").asText().equals("Heliograph")) {
      names.add(metric.get("MetricName").asText());
    }
  }

  @Test
  void itHasTimeToLeaveInAndRoomForItsSockets() {
    assertThat(CONTAINER.get("StopTimeout").asInt()).isEqualTo(120); // Fargate's most
    JsonNode limit = CONTAINER.at("/Ulimits/0");
    assertThat(limit.get("Name").asText()).isEqualTo("nofile");
    assertThat(limit.get("SoftLimit").asInt())
        .isGreaterThan(WorkerSettings.from(Map.of("HELIOGRAPH_KMS_KEY", "k")).mostSessions());
    assertThat(TEMPLATE.yaml().at("/Parameters/MaxWorkers/MaxValue").asInt())
        .isEqualTo(Queues.SHARDS);
  }

  @Test
  void itIsAskedForItsHealthAsTheImageSays() throws Exception {
    String dockerfile = Files.readString(Path.of("..", "infra", "docker", "Dockerfile"));
    JsonNode check = CONTAINER.at("/HealthCheck/Command");

    assertThat(check.get(0).asText()).isEqualTo("CMD");
    assertThat(dockerfile).contains("CMD [\"" + check.get(1).asText() + "\"]");
  }

  @Test
  void newOnesJoinBeforeOldOnesLeaveAndAreTakenBackIfTheyFail() {
    JsonNode deployment = TEMPLATE.resource("WorkerService").get("DeploymentConfiguration");

    assertThat(deployment.get("MinimumHealthyPercent").asInt()).isEqualTo(100);
    assertThat(deployment.get("MaximumPercent").asInt()).isEqualTo(200);
    assertThat(deployment.at("/DeploymentCircuitBreaker/Enable").asBoolean()).isTrue();
    assertThat(deployment.at("/DeploymentCircuitBreaker/Rollback").asBoolean()).isTrue();
  }

  @Test
  void itsWayToDynamoDbIsAGatewayEndpoint() {
    JsonNode endpoint = TEMPLATE.resource("DynamoDbEndpoint");

    assertThat(endpoint.get("VpcEndpointType").asText()).isEqualTo("Gateway");
    assertThat(endpoint.get("ServiceName").asText())
        .isEqualTo("com.amazonaws.${AWS::Region}.dynamodb");
    assertThat(endpoint.at("/RouteTableIds/0").asText()).isEqualTo("RouteTable");
    for (String routes : List.of("SubnetARoutes", "SubnetBRoutes")) {
      assertThat(TEMPLATE.resource(routes).get("RouteTableId").asText()).isEqualTo("RouteTable");
    }
  }

  @Test
  void shardsAreMissedWhenOneOfThemIsNotHeld() {
    assertThat(TEMPLATE.resource("ShardsNotHeldAlarm").get("Threshold").asInt())
        .isEqualTo(Queues.SHARDS);
  }

  /** A new key's policy asks for a context by name; the code must give it by that name. */
  @Test
  void theSessionsKeyIsForWorkersAndThePairingTheySay() {
    JsonNode statements = TEMPLATE.resource("SessionsKey").at("/KeyPolicy/Statement");

    assertThat(statements).hasSize(2);
    assertThat(statements.get(0).get("Action"))
        .extracting(JsonNode::asText)
        .noneMatch(
            it ->
                it.matches("kms:(\\*|Decrypt|Encrypt|ReEncrypt.*|GenerateDataKey.*|CreateGrant)"));
    JsonNode workers = statements.get(1);
    assertThat(workers.at("/Principal/AWS").asText()).isEqualTo("WorkerRole.Arn");
    assertThat(workers.get("Action"))
        .extracting(JsonNode::asText)
        .containsExactlyInAnyOrder("kms:Encrypt", "kms:Decrypt");
    JsonNode context = workers.at("/Condition/StringLike");
    String places = context.path("kms:EncryptionContext:" + KmsKeyWrapper.CONTEXT).asText();
    IdGenerator ids = IdGenerator.random();
    assertThat(AuthState.partition(InstanceId.draw(ids), PairingId.draw(ids)))
        .matches(places.replace("*", ".*"));
    for (String role : TEMPLATE.resources("AWS::IAM::Role").keySet()) {
      assertThat(TEMPLATE.allowedTo(role)).noneMatch(it -> it.startsWith("kms:"));
    }
  }
}
