package dev.heliograph.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.account.CustomerId;
import dev.heliograph.authstate.PairingId;
import dev.heliograph.event.EventId;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.PhoneNumber;
import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.table.Tables;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MessagesTest {
  // In a year when nothing of it expires while the test runs.
  private static final Instant NOW = Instant.parse("2100-05-01T12:34:56.789Z");
  private static final int SHARD = 5;
  private static final MessageProjection SENT =
      new MessageProjection(MessageStatus.SENT, null, NOW.plusSeconds(1), null, null);

  @RegisterExtension static final LocalDynamoDb dynamoDb = LocalDynamoDb.with(Tables.MESSAGES);

  private final InstanceId instance = InstanceId.draw(IdGenerator.random());
  private final Messages messages = at(NOW);

  @Test
  void whatIsAcceptedIsFoundAndQueued() {
    Message message = message("Hello 👋", "order-17", NOW);

    assertThat(messages.accept(message)).isEqualTo(message);

    assertThat(messages.find(instance, message.id())).contains(message);
    assertThat(messages.has(instance, message.id())).isTrue();
    assertThat(queued())
        .containsExactly(new QueuedMessage(instance, message.id(), NOW, message.deadline()));
  }

  @Test
  void theFirstOfAnIdStays() {
    Message first = message("Hello", "order-17", NOW);
    Message second = message("Goodbye", "order-17", NOW.plusSeconds(1));
    messages.accept(first);

    assertThat(messages.accept(second)).isEqualTo(first);
    assertThat(messages.find(instance, first.id())).contains(first);
  }

  @Test
  void anIdIsFreeAgainWhenItsMessageHasExpired() {
    Message first = message("Hello", "order-17", NOW);
    messages.accept(first);
    Instant later = NOW.plus(Duration.ofDays(46));
    Message second = message("Goodbye", "order-17", later);

    assertThat(at(later).find(instance, first.id())).isEmpty();
    assertThat(at(later).accept(second)).isEqualTo(second);
  }

  @Test
  void theQueueIsInTheOrderOfAcceptanceThenOfIds() {
    Message late = accepted("late", NOW.plusMillis(2));
    Message early = accepted("early", NOW);
    Message one = accepted("one", NOW.plusMillis(1));
    Message other = accepted("other", NOW.plusMillis(1));
    boolean oneFirst = one.id().value().compareTo(other.id().value()) < 0;

    assertThat(queued())
        .extracting(QueuedMessage::id)
        .containsExactly(
            early.id(),
            oneFirst ? one.id() : other.id(),
            oneFirst ? other.id() : one.id(),
            late.id());
  }

  @Test
  void whatTheSessionSaysTakesItOutOfTheQueue() {
    Message message = accepted("Hello", NOW);

    messages.project(instance, message.id(), 4, SENT);

    Message row = messages.find(instance, message.id()).orElseThrow();
    assertThat(row.status()).isEqualTo(MessageStatus.SENT);
    assertThat(row.sentAt()).isEqualTo(NOW.plusSeconds(1));
    assertThat(row.seq()).isEqualTo(4);
    assertThat(row.body()).isEqualTo(message.body());
    assertThat(queued()).isEmpty();
  }

  @Test
  void whatComesLateOrTwiceChangesNothing() {
    Message message = accepted("Hello", NOW);
    messages.project(instance, message.id(), 4, SENT);
    MessageProjection failed =
        new MessageProjection(MessageStatus.FAILED, Message.OUTCOME_UNKNOWN, null, null, null);

    messages.project(instance, message.id(), 4, failed);
    messages.project(instance, message.id(), 3, failed);

    assertThat(messages.find(instance, message.id()).orElseThrow().status())
        .isEqualTo(MessageStatus.SENT);
  }

  @Test
  void anErrorIsGoneWhenALateReceiptCorrectsIt() {
    Message message = accepted("Hello", NOW);
    messages.project(
        instance,
        message.id(),
        4,
        new MessageProjection(MessageStatus.FAILED, Message.OUTCOME_UNKNOWN, null, null, null));

    messages.project(
        instance,
        message.id(),
        5,
        new MessageProjection(MessageStatus.DELIVERED, null, NOW, NOW.plusSeconds(2), null));

    Message row = messages.find(instance, message.id()).orElseThrow();
    assertThat(row.error()).isNull();
    assertThat(row.deliveredAt()).isEqualTo(NOW.plusSeconds(2));
  }

  @Test
  void aProjectionOfNoMessageCreatesNone() {
    MessageId none = MessageId.outbound(instance, "3EB0");

    messages.project(instance, none, 1, SENT);

    assertThat(messages.has(instance, none)).isFalse();
  }

  @Test
  void oneThatWasReceivedIsKnownAndNoMore() {
    MessageId id = MessageId.inbound(instance, "1@lid", "1@lid", "3EB0");
    InboundRow row = new InboundRow(instance, id, 3, EventId.of(instance, 3, 0), NOW);

    messages.record(row);
    messages.record(row);

    assertThat(messages.has(instance, id)).isTrue();
    assertThat(messages.find(instance, id)).isEmpty();
    assertThat(messages.has(InstanceId.draw(IdGenerator.random()), id)).isFalse();
    assertThat(at(NOW.plus(Duration.ofDays(46))).has(instance, id)).isFalse();
  }

  @Test
  void whatWasAcceptedSinceATimeIsAPartOfWhatWaits() {
    accepted("before", NOW.minusMillis(1));
    Message then = accepted("then", NOW);
    Message after = accepted("after", NOW.plusMillis(1));

    assertThat(messages.queued(SHARD, NOW))
        .filteredOn(message -> message.instance().equals(instance))
        .extracting(QueuedMessage::id)
        .containsExactly(then.id(), after.id());
  }

  @Test
  void aBodyReadsBack() {
    MessageBody body = new MessageBody.Text("Hello\n\"👋\"");

    assertThat(MessageBody.fromJson(body.toJson())).isEqualTo(body);
  }

  @Test
  void nothingPersonalIsPrinted() {
    Message message = message("my secret", "order-17", NOW);

    assertThat(message.toString() + message.body()).doesNotContain("my secret", "1415", "order-17");
  }

  private Message accepted(String text, Instant at) {
    Message message = message(text, text, at);
    messages.accept(message);
    return message;
  }

  private Message message(String text, String clientRef, Instant at) {
    return Message.queued(
        instance,
        new CustomerId("cust_01ARZ3NDEKTSV4RRFFQ69G5FAV"),
        SHARD,
        new PairingId("01ARZ3NDEKTSV4RRFFQ69G5FAV"),
        WhatsAppId.ofClientRef(instance, clientRef),
        new PhoneNumber("14155550123"),
        new MessageBody.Text(text),
        clientRef,
        at,
        at.plus(Duration.ofMinutes(10)));
  }

  private List<QueuedMessage> queued() {
    return messages.queued(SHARD).stream()
        .filter(message -> message.instance().equals(instance))
        .toList();
  }

  private static Messages at(Instant now) {
    return new Messages(dynamoDb.client(), dynamoDb.prefix(), () -> now);
  }
}
