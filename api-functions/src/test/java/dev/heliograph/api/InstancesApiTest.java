package dev.heliograph.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.fleet.Seen;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.instance.Desired;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.instance.Metadata;
import dev.heliograph.instance.StatusProjection;
import dev.heliograph.instance.StatusReason;
import dev.heliograph.json.Json;
import dev.heliograph.json.Timestamps;
import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.table.LocalSqs;
import dev.heliograph.table.RepeatedWrites;
import dev.heliograph.table.Tables;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstancesApiTest {
  @RegisterExtension
  static final LocalDynamoDb dynamoDb =
      LocalDynamoDb.with(Tables.ACCOUNTS, Tables.INSTANCES, Tables.FLEET);

  @RegisterExtension static final LocalSqs sqs = LocalSqs.withAllQueues();

  private TestApi api;
  private TestApi.Caller acme;

  @BeforeEach
  void setUp() {
    api = new TestApi(dynamoDb, sqs, Duration.ofMillis(100));
    acme = api.customer();
  }

  @Test
  void oneThatWasJustCreatedIsPendingAndWantsNothing() {
    Answer created =
        acme.post("/v1/instances", "{\"name\":\"Support\",\"metadata\":{\"team\":[1,2.50,null]}}");

    assertThat(created.status()).isEqualTo(201);
    assertThat(created.text("/name")).isEqualTo("Support");
    assertThat(created.text("/customer_id")).isEqualTo(acme.id.value());
    assertThat(created.text("/status")).isEqualTo("pending");
    assertThat(created.body().at("/metadata")).isEqualTo(Json.read("{\"team\":[1,2.5,null]}"));
    assertThat(created.body().properties().stream().map(field -> field.getKey()))
        .containsExactly(
            "id",
            "customer_id",
            "name",
            "phone_number",
            "status",
            "status_reason",
            "last_seen_at",
            "metadata",
            "created_at",
            "updated_at");
    assertThat(acme.get("/v1/instances/" + created.text("/id")).body()).isEqualTo(created.body());
    assertThat(api.instances.find(acme.id, row(created).id()).orElseThrow().desired())
        .isEqualTo(Desired.NONE);
  }

  @Test
  void namesNeedNotBeUniqueAndMetadataMayBeMissing() {
    Answer one = acme.post("/v1/instances", "{\"name\":\"Support\"}");
    Answer other = acme.post("/v1/instances", "{\"name\":\"Support\",\"metadata\":null}");

    assertThat(one.text("/id")).isNotEqualTo(other.text("/id"));
    assertThat(one.body().at("/metadata")).isEqualTo(Json.object());
    assertThat(other.body().at("/metadata")).isEqualTo(Json.object());
  }

  @Test
  void metadataIsGivenBackAsItCameUpToTheDepthThatItMayHave() {
    String metadata = "{\"a\":2.50,\"b\":" + "[".repeat(31) + "]".repeat(31) + "}";

    Answer created =
        acme.post("/v1/instances", "{\"name\":\"Support\",\"metadata\":%s}".formatted(metadata));

    assertThat(created.status()).isEqualTo(201);
    assertThat(Json.write(acme.get("/v1/instances").body().at("/data/0/metadata")))
        .isEqualTo(metadata);
  }

  @Test
  void aRequestThatIsRepeatedUnderItsKeyIsOneInstance() {
    String body = "{\"name\":\"Support\",\"metadata\":{\"a\":1.0}}";
    Answer first = acme.post("/v1/instances", body, "Idempotency-Key", "mine");

    assertThat(acme.post("/v1/instances", body, "Idempotency-Key", "mine")).isEqualTo(first);
    assertThat(acme.post("/v1/instances", "{\"name\":\"Sales\"}", "Idempotency-Key", "mine").code())
        .isEqualTo("idempotency_key_reused");
    assertThat(acme.get("/v1/instances").body().at("/data")).hasSize(1);
    assertThat(api.customer().post("/v1/instances", body, "Idempotency-Key", "mine").text("/id"))
        .isNotEqualTo(first.text("/id"));

    acme.delete("/v1/instances/" + first.text("/id"));
    assertThat(acme.post("/v1/instances", body, "Idempotency-Key", "mine").code())
        .isEqualTo("idempotency_key_reused");
  }

  @Test
  void lengthsAreInCodePoints() {
    String name = "\ud83d\udc4b".repeat(200);

    Answer created = acme.post("/v1/instances", "{\"name\":\"%s\"}".formatted(name));

    assertThat(created.text("/name")).isEqualTo(name);
  }

  @Test
  void theListHasAllOfThemNewestFirstWithoutTheDeletedOnes() {
    List<Instance> created = List.of(acme.instance(), acme.instance(), acme.instance());
    acme.delete("/v1/instances/" + created.get(1).id());

    Answer list = acme.get("/v1/instances");

    List<String> expected =
        Stream.of(created.get(0), created.get(2))
            .sorted(
                Comparator.comparing(Instance::createdAt)
                    .thenComparing(instance -> instance.id().value())
                    .reversed())
            .map(instance -> instance.id().value())
            .toList();
    assertThat(list.body().at("/data").findValuesAsText("id")).isEqualTo(expected);
  }

  @Test
  void theListIsNotCutOffAtWhatDynamoDbGivesAtOnce() {
    for (int i = 0; i < 120; i++) {
      api.instances.create(
          Instance.created(
              InstanceId.draw(IdGenerator.random()),
              acme.id,
              "n",
              Metadata.EMPTY,
              3,
              Instant.now()));
    }

    assertThat(acme.get("/v1/instances").body().at("/data")).hasSize(120);
  }

  @Test
  void anotherCustomersInstanceIsAnsweredLikeNone() {
    Instance theirs = api.customer().instance();
    String path = "/v1/instances/" + theirs.id();
    String none = "/v1/instances/inst_01ARZ3NDEKTSV4RRFFQ69G5FAV";

    for (String suffix : List.of("", "/qr", "/messages/msg_01ARZ3NDEKTSV4RRFFQ69G5FAV")) {
      assertThat(acme.get(path + suffix)).isEqualTo(acme.get(none + suffix));
      assertThat(acme.get(path + suffix).status()).isEqualTo(404);
    }
    for (String suffix : List.of("/connect", "/disconnect", "/logout")) {
      assertThat(acme.post(path + suffix, null)).isEqualTo(acme.post(none + suffix, null));
      assertThat(acme.post(path + suffix, null).status()).isEqualTo(404);
    }
    String message = TestApi.text("+14155550123", "Hello");
    assertThat(acme.post(path + "/messages", message).code()).isEqualTo("instance_not_found");
    assertThat(acme.delete(path)).isEqualTo(acme.delete(none));
    assertThat(acme.get("/v1/instances").body().at("/data")).isEmpty();
    Instance untouched = api.instances.load(theirs.id()).orElseThrow();
    assertThat(untouched).isEqualTo(theirs);
  }

  @Test
  void oneThatWasDeletedIsGoneFromThenOn() {
    Instance instance = acme.connected();
    String path = "/v1/instances/" + instance.id();

    assertThat(acme.delete(path).status()).isEqualTo(204);

    assertThat(acme.get(path).code()).isEqualTo("instance_not_found");
    assertThat(acme.delete(path).status()).isEqualTo(404);
    assertThat(acme.post(path + "/connect", null).status()).isEqualTo(404);
    assertThat(acme.get(path + "/qr").status()).isEqualTo(404);
    Instance row = api.instances.load(instance.id()).orElseThrow();
    assertThat(row.desired()).isEqualTo(Desired.DELETED);
    assertThat(row.isDeleted()).isTrue();
    assertThat(api.rings(instance)).hasSize(1);
  }

  @Test
  void aDeletionThatTheSdkHadToRepeatIsOne() {
    TestApi repeating =
        new TestApi(
            RepeatedWrites.of(dynamoDb.client()), dynamoDb.prefix(), sqs, Duration.ofMillis(100));
    TestApi.Caller caller = repeating.customer();
    Instance instance = caller.instance();
    String path = "/v1/instances/" + instance.id();

    assertThat(caller.delete(path).status()).isEqualTo(204);

    assertThat(repeating.rings(instance)).hasSize(1);
    assertThat(caller.delete(path).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({"connect, RUNNING", "disconnect, STOPPED", "logout, LOGGED_OUT"})
  void whatIsAskedForBecomesANumberedWishAndARing(String verb, Desired desired) {
    Instance instance = acme.instance();

    Answer answer = acme.post("/v1/instances/" + instance.id() + "/" + verb, "{}");

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.text("/status")).isEqualTo("pending");
    Instance row = api.instances.load(instance.id()).orElseThrow();
    assertThat(row.desired()).isEqualTo(desired);
    assertThat(row.wish()).isEqualTo(1);
    assertThat(api.rings(instance))
        .containsExactly("{\"instance\":\"%s\"}".formatted(instance.id()));
  }

  @Test
  void aConnectedOneIsShownAsSeenOnTheLastTick() {
    Instance instance = acme.connected();
    Instant tick = Instant.now().minusSeconds(40);
    api.fleet.see(instance.shard(), new Seen(tick, Set.of(), Map.of()));

    Answer shown = acme.get("/v1/instances/" + instance.id());

    assertThat(shown.text("/status")).isEqualTo("connected");
    assertThat(shown.text("/phone_number")).isEqualTo("+6281100000000");
    assertThat(shown.text("/last_seen_at")).isEqualTo(Timestamps.format(tick));
  }

  @Test
  void whatALostWorkerSawLastIsShownWhateverBecomesOfTheInstance() {
    Instance instance = acme.connected();
    Instant connected = Instant.now().minusSeconds(900);
    Instant seen = connected.plusSeconds(600);
    Instant tick = seen.plusSeconds(60);
    api.fleet.see(
        instance.shard(), new Seen(tick, Set.of(instance.id()), Map.of(instance.id(), seen)));
    assertThat(acme.get("/v1/instances/" + instance.id()).text("/last_seen_at"))
        .isEqualTo(Timestamps.format(seen));

    api.instances.project(
        instance.id(),
        1000,
        new StatusProjection(
            InstanceStatus.DISCONNECTED,
            StatusReason.CONNECTION_LOST,
            null,
            null,
            TestApi.PAIRING,
            0,
            null,
            connected,
            tick));
    Answer shown = acme.get("/v1/instances/" + instance.id());
    assertThat(shown.text("/status")).isEqualTo("disconnected");
    assertThat(shown.text("/last_seen_at")).isEqualTo(Timestamps.format(seen));
  }

  @Test
  void aConnectedOneWhoseShardNobodyLooksAfterIsShownAsDisconnected() {
    Instance instance = acme.instance();
    Instant longAgo = Instant.now().minus(TestApi.TICK.multipliedBy(3)).minusSeconds(1);
    api.project(instance.id(), InstanceStatus.CONNECTED, null, null, TestApi.PAIRING, longAgo);
    api.fleet.see(instance.shard(), new Seen(longAgo, Set.of(), Map.of()));

    Answer shown = acme.get("/v1/instances/" + instance.id());

    assertThat(shown.text("/status")).isEqualTo("disconnected");
    assertThat(shown.text("/status_reason")).isEqualTo("no_worker");
    assertThat(acme.get("/v1/instances").body().at("/data/0")).isEqualTo(shown.body());
    assertThat(api.instances.load(instance.id()).orElseThrow().status())
        .isEqualTo(InstanceStatus.CONNECTED);
  }

  @Test
  void oneThatConnectedBeforeItsWorkersFirstTickIsConnected() {
    Instance instance = acme.connected();
    api.fleet.see(
        instance.shard(), new Seen(Instant.now().minus(Duration.ofHours(1)), Set.of(), Map.of()));

    assertThat(acme.get("/v1/instances/" + instance.id()).text("/status")).isEqualTo("connected");
  }

  @Test
  void aStatusThatNeedsAHumanSaysWhy() {
    Instance instance = acme.instance();
    api.project(
        instance.id(), InstanceStatus.FAILED, StatusReason.LOGGED_OUT, null, null, Instant.now());

    Answer shown = acme.get("/v1/instances/" + instance.id());

    assertThat(shown.text("/status")).isEqualTo("failed");
    assertThat(shown.text("/status_reason")).isEqualTo("logged_out");
  }

  private Instance row(Answer answer) {
    return acme.row(new InstanceId(answer.text("/id")));
  }
}
