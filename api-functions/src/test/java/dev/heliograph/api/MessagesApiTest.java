package dev.heliograph.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.event.EventId;
import dev.heliograph.fleet.Seen;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.json.Timestamps;
import dev.heliograph.message.InboundRow;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageBody;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageProjection;
import dev.heliograph.message.MessageStatus;
import dev.heliograph.message.QueuedMessage;
import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.table.LocalSqs;
import dev.heliograph.table.Tables;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MessagesApiTest {
  private static final String TO = "+14155550123";

  @RegisterExtension
  static final LocalDynamoDb dynamoDb =
      LocalDynamoDb.with(Tables.ACCOUNTS, Tables.INSTANCES, Tables.FLEET, Tables.MESSAGES);

  @RegisterExtension static final LocalSqs sqs = LocalSqs.withAllQueues();

  private TestApi api;
  private TestApi.Caller acme;
  private Instance instance;

  @BeforeEach
  void setUp() {
    api = new TestApi(dynamoDb, sqs, Duration.ofMillis(100));
    acme = api.customer();
    instance = acme.connected();
  }

  @Test
  void oneThatIsAcceptedIsQueuedForItsPairingAndRungFor() {
    Answer answer = acme.post(messages(), TestApi.text("14155550123", "Hello\n👋"));

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.body().at("/client_ref").isNull()).isTrue();
    Message row = row(answer);
    assertThat(row.to().e164()).isEqualTo(TO);
    assertThat(row.body()).isEqualTo(new MessageBody.Text("Hello\n👋"));
    assertThat(row.pairing()).isEqualTo(TestApi.PAIRING);
    assertThat(row.whatsappId()).matches("3EB0[0-9A-F]{18}");
    assertThat(row.deadline()).isEqualTo(row.acceptedAt().plus(TestApi.SEND_DEADLINE));
    assertThat(queued()).containsExactly(row.id());
    assertThat(api.rings(instance)).hasSize(1);
  }

  @Test
  void itsStateIsWhatTheSessionSays() {
    Answer accepted = acme.post(messages(), TestApi.text(TO, "Hello", "order-17"));
    Instant sent = Instant.parse("2026-05-01T12:34:56.789Z");
    api.messages.project(
        instance.id(),
        row(accepted).id(),
        7,
        new MessageProjection(MessageStatus.DELIVERED, null, sent, sent.plusSeconds(1), null));

    Answer answer = acme.get(messages() + "/" + accepted.text("/message_id"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text("/client_ref")).isEqualTo("order-17");
    assertThat(answer.text("/to")).isEqualTo(TO);
    assertThat(answer.text("/status")).isEqualTo("delivered");
    assertThat(answer.text("/sent_at")).isEqualTo("2026-05-01T12:34:56.789Z");
    assertThat(answer.text("/delivered_at")).isEqualTo("2026-05-01T12:34:57.789Z");
    assertThat(answer.body().at("/read_at").isNull()).isTrue();
    assertThat(answer.body().at("/error").isNull()).isTrue();
    assertThat(answer.text("/accepted_at"))
        .isEqualTo(Timestamps.format(row(accepted).acceptedAt()));
  }

  @Test
  void oneThatHasFailedSaysWhy() {
    Answer accepted = acme.post(messages(), TestApi.text(TO, "Hello"));
    api.messages.project(
        instance.id(),
        row(accepted).id(),
        7,
        new MessageProjection(MessageStatus.FAILED, Message.OUTCOME_UNKNOWN, null, null, null));

    Answer answer = acme.get(messages() + "/" + accepted.text("/message_id"));

    assertThat(answer.text("/status")).isEqualTo("failed");
    assertThat(answer.text("/error/code")).isEqualTo("outcome_unknown");
  }

  @Test
  void theSameClientRefIsTheSameMessage() {
    Answer first = acme.post(messages(), TestApi.text(TO, "Hello", "order-17"));
    Answer again = acme.post(messages(), TestApi.text("14155550123", "Hello", "order-17"));

    assertThat(again).isEqualTo(first);
    assertThat(first.text("/client_ref")).isEqualTo("order-17");
    assertThat(queued()).hasSize(1);
  }

  @Test
  void theSameClientRefIsAnsweredAfterTheConnectionIsGone() {
    Answer first = acme.post(messages(), TestApi.text(TO, "Hello", "order-17"));
    api.project(instance.id(), InstanceStatus.DISCONNECTED, TestApi.PAIRING);

    assertThat(acme.post(messages(), TestApi.text(TO, "Hello", "order-17"))).isEqualTo(first);
  }

  @Test
  void aClientRefIsNotGivenToAnotherMessage() {
    acme.post(messages(), TestApi.text(TO, "Hello", "order-17"));

    Answer other = acme.post(messages(), TestApi.text(TO, "Goodbye", "order-17"));

    assertThat(other.status()).isEqualTo(409);
    assertThat(other.code()).isEqualTo("client_ref_reused");
  }

  @Test
  void aClientRefIsAnInstancesOwn() {
    Answer here = acme.post(messages(), TestApi.text(TO, "Hello", "order-17"));
    Instance other = acme.connected();

    Answer there =
        acme.post(
            "/v1/instances/" + other.id() + "/messages", TestApi.text(TO, "Goodbye", "order-17"));

    assertThat(there.status()).isEqualTo(202);
    assertThat(there.text("/message_id")).isNotEqualTo(here.text("/message_id"));
  }

  @Test
  void theSameIdempotencyKeyIsTheSameMessage() {
    Answer first = acme.post(messages(), TestApi.text(TO, "Hello"), "Idempotency-Key", "order-17");
    Answer again = acme.post(messages(), TestApi.text(TO, "Hello"), "idempotency-key", "order-17");
    Answer other =
        acme.post(messages(), TestApi.text(TO, "Goodbye"), "Idempotency-Key", "order-17");
    Answer named = acme.post(messages(), TestApi.text(TO, "Hello", "order-17"));

    assertThat(again).isEqualTo(first);
    assertThat(other.code()).isEqualTo("idempotency_key_reused");
    assertThat(named.text("/message_id")).isNotEqualTo(first.text("/message_id"));
  }

  @Test
  void aRepeatRingsAgainWhileTheMessageIsQueued() {
    Answer first = acme.post(messages(), TestApi.text(TO, "Hello", "order-17"));
    assertThat(api.rings(instance)).hasSize(1);

    acme.post(messages(), TestApi.text(TO, "Hello", "order-17"));
    assertThat(api.rings(instance)).hasSize(1);

    api.messages.project(
        instance.id(),
        row(first).id(),
        7,
        new MessageProjection(MessageStatus.SENT, null, Instant.now(), null, null));
    acme.post(messages(), TestApi.text(TO, "Hello", "order-17"));
    assertThat(api.rings(instance)).isEmpty();
  }

  @Test
  void withoutEitherTwoRequestsAreTwoMessages() {
    Answer first = acme.post(messages(), TestApi.text(TO, "Hello"));
    Answer second = acme.post(messages(), TestApi.text(TO, "Hello"));

    assertThat(second.text("/message_id")).isNotEqualTo(first.text("/message_id"));
  }

  @ParameterizedTest
  @EnumSource(names = {"PENDING", "QR", "DISCONNECTED", "FAILED"})
  void anInstanceThatIsNotConnectedTakesNone(InstanceStatus status) {
    api.project(instance.id(), status, TestApi.PAIRING);

    Answer answer = acme.post(messages(), TestApi.text(TO, "Hello"));

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.code()).isEqualTo("not_connected");
    assertThat(queued()).isEmpty();
  }

  @Test
  void oneThatReconnectsTakesThemAndOneThatHasNoPairingDoesNot() {
    api.project(instance.id(), InstanceStatus.CONNECTING, TestApi.PAIRING);
    assertThat(acme.post(messages(), TestApi.text(TO, "Hello")).status()).isEqualTo(202);

    api.project(instance.id(), InstanceStatus.CONNECTING, null);
    assertThat(acme.post(messages(), TestApi.text(TO, "Hello")).code()).isEqualTo("not_connected");
  }

  @Test
  void aTakeOverIsNoReasonToRefuse() {
    Instant longAgo = Instant.now().minus(Duration.ofHours(1));
    api.project(instance.id(), InstanceStatus.CONNECTED, null, null, TestApi.PAIRING, longAgo);
    api.fleet.see(instance.shard(), new Seen(longAgo, Set.of(), Map.of()));
    assertThat(acme.get("/v1/instances/" + instance.id()).text("/status_reason"))
        .isEqualTo("no_worker");

    assertThat(acme.post(messages(), TestApi.text(TO, "Hello")).status()).isEqualTo(202);
  }

  @Test
  void onlyMessagesOfTheInstanceThatWereSentAreThere() {
    MessageId received = MessageId.inbound(instance.id(), "1@lid", "1@lid", "3EB0");
    api.messages.record(
        new InboundRow(instance.id(), received, 3, EventId.of(instance.id(), 3, 0), Instant.now()));
    Answer elsewhere =
        acme.post(
            "/v1/instances/" + acme.connected().id() + "/messages", TestApi.text(TO, "Hello"));

    for (String id : List.of("msg_1", received.value(), elsewhere.text("/message_id"))) {
      assertThat(acme.get(messages() + "/" + id).code()).isEqualTo("message_not_found");
    }
  }

  private String messages() {
    return "/v1/instances/" + instance.id() + "/messages";
  }

  private Message row(Answer answer) {
    return api.messages
        .find(instance.id(), new MessageId(answer.text("/message_id")))
        .orElseThrow();
  }

  private List<MessageId> queued() {
    return api.messages.queued(instance.shard()).stream()
        .filter(queued -> queued.instance().equals(instance.id()))
        .map(QueuedMessage::id)
        .toList();
  }
}
