package dev.heliograph.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.standardwebhooks.Webhook;
import dev.heliograph.event.Events;
import dev.heliograph.function.Nowhere;
import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.table.LocalSqs;
import dev.heliograph.table.Queues;
import dev.heliograph.table.RepeatedWrites;
import dev.heliograph.table.Tables;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

class DeliverySenderTest {
  @RegisterExtension
  static final LocalDynamoDb dynamoDb =
      LocalDynamoDb.with(Tables.EVENTS, Tables.WEBHOOK_ENDPOINTS, Tables.WEBHOOK_DELIVERIES);

  @RegisterExtension
  final LocalSqs sqs = LocalSqs.with(Queues.WEBHOOK_DELIVERIES, Queues.WEBHOOK_DELIVERIES_DEAD);

  private LocalWebhooks webhooks;
  private Receiver receiver;
  private NewEndpoint endpoint;

  @BeforeEach
  void setUp() {
    webhooks = new LocalWebhooks(dynamoDb, sqs);
    receiver = Receiver.start();
    endpoint = webhooks.endpoints.create(webhooks.customer, receiver.url(), List.of());
  }

  @AfterEach
  void tearDown() {
    receiver.close();
  }

  @Test
  void anEventArrivesAsItWasStoredSignedWithTheEndpointsSecret() throws Exception {
    Delivery delivery = webhooks.delivery(endpoint.endpoint());

    webhooks.send(delivery);

    Receiver.Received request = receiver.received().getFirst();
    assertThat(request.body())
        .isEqualTo(webhooks.events.find(webhooks.instance, 1).orElseThrow().json());
    new Webhook(endpoint.secret().text()).verify(request.body(), headers(request));
    assertThat(webhooks.row(delivery).status()).isEqualTo(DeliveryStatus.DELIVERED);
    assertThat(webhooks.deliveries.due(10)).doesNotContain(delivery.id());
  }

  @Test
  void whatWasDeliveredIsNotSentAgain() {
    Delivery delivery = webhooks.delivery(endpoint.endpoint());

    webhooks.send(delivery);
    webhooks.clock.advance(Duration.ofDays(1));
    webhooks.send(delivery);

    assertThat(receiver.received()).hasSize(1);
  }

  @Test
  void oneThatFailsIsTriedAgainUnderTheSameId() {
    Delivery delivery = webhooks.delivery(endpoint.endpoint());
    receiver.answer(500);

    webhooks.send(delivery);

    Delivery failed = webhooks.row(delivery);
    assertThat(failed.status()).isEqualTo(DeliveryStatus.PENDING);
    assertThat(failed.lastError()).isEqualTo("http_500");
    assertThat(Duration.between(webhooks.clock.instant(), failed.nextAttemptAt()))
        .isBetween(Duration.ofSeconds(4), Duration.ofSeconds(6));
    assertThat(rung()).isEqualTo(1);

    receiver.answer(204);
    webhooks.clock.advance(Duration.ofSeconds(6));
    webhooks.send(delivery);

    assertThat(webhooks.row(delivery).status()).isEqualTo(DeliveryStatus.DELIVERED);
    assertThat(receiver.received()).hasSize(2);
    assertThat(receiver.received())
        .extracting(request -> request.header("webhook-id"))
        .containsOnly(delivery.event().value());
    assertThat(receiver.received().get(1).header("webhook-timestamp"))
        .isNotEqualTo(receiver.received().get(0).header("webhook-timestamp"));
  }

  @Test
  void aRingBeforeItsTimeIsInVain() {
    Delivery delivery = webhooks.delivery(endpoint.endpoint());
    receiver.answer(500);
    webhooks.send(delivery);

    webhooks.send(delivery);

    assertThat(receiver.received()).hasSize(1);
  }

  @Test
  void aDeadEndpointIsTriedForTwoDaysAndThenGivenUp() {
    Delivery delivery = webhooks.delivery(endpoint.endpoint());
    receiver.close();
    Duration whole = Duration.ZERO;
    int attempts = 0;

    while (webhooks.row(delivery).status() == DeliveryStatus.PENDING) {
      webhooks.send(delivery);
      attempts++;
      Duration wait =
          Duration.between(webhooks.clock.instant(), webhooks.row(delivery).nextAttemptAt());
      webhooks.clock.advance(wait);
      whole = whole.plus(wait);
    }

    assertThat(webhooks.row(delivery).status()).isEqualTo(DeliveryStatus.EXHAUSTED);
    assertThat(webhooks.row(delivery).lastError()).isEqualTo("connection_failed");
    assertThat(attempts).isEqualTo(10);
    assertThat(whole).isBetween(Duration.ofHours(36), Duration.ofHours(54));
    assertThat(webhooks.deliveries.due(10)).doesNotContain(delivery.id());
  }

  @Test
  void lateRetriesAreTheJanitorsAndEarlyOnesItsOnlyIfTheirRingIsLost() {
    Delivery delivery = webhooks.delivery(endpoint.endpoint());
    receiver.answer(500);
    webhooks.send(delivery);

    webhooks.clock.advance(Duration.ofMinutes(5));
    assertThat(webhooks.deliveries.due(10)).doesNotContain(delivery.id());
    webhooks.clock.advance(Duration.ofSeconds(10));
    assertThat(webhooks.deliveries.due(10)).contains(delivery.id());

    int failures = 1;
    while (failures < 5) {
      webhooks.clock.advance(Duration.ofMinutes(15));
      webhooks.send(delivery);
      failures++;
    }
    assertThat(rung()).isEqualTo(4);
    assertThat(webhooks.deliveries.due(10)).doesNotContain(delivery.id());
    webhooks.clock.advance(Duration.ofMinutes(36));
    assertThat(webhooks.deliveries.due(10)).contains(delivery.id());
  }

  @Test
  void aRetryWhoseRingIsLostIsOnTheRow() {
    DeliveryQueue unreachable = new DeliveryQueue(Nowhere.sqs(), sqs.prefix());
    webhooks = new LocalWebhooks(dynamoDb, sqs, unreachable);
    endpoint = webhooks.endpoints.create(webhooks.customer, receiver.url(), List.of());
    Delivery delivery = webhooks.delivery(endpoint.endpoint());
    receiver.answer(500);

    webhooks.send(delivery);

    assertThat(webhooks.row(delivery).attempts()).isEqualTo(1);
    webhooks.clock.advance(Duration.ofMinutes(6));
    assertThat(webhooks.deliveries.due(10)).contains(delivery.id());
  }

  @Test
  void aDefectOfOursIsAFailedAttemptLikeAnyOther() {
    Delivery delivery = webhooks.delivery(endpoint.endpoint());
    dynamoDb
        .client()
        .updateItem(
            update ->
                update
                    .tableName(dynamoDb.name(Tables.WEBHOOK_ENDPOINTS))
                    .key(
                        Map.of(
                            "customer",
                            AttributeValue.fromS(webhooks.customer.value()),
                            "id",
                            AttributeValue.fromS(endpoint.endpoint().id().value())))
                    .updateExpression("REMOVE created_at"));

    webhooks.send(delivery);

    assertThat(webhooks.row(delivery).lastError()).isEqualTo("internal_error");
    assertThat(webhooks.row(delivery).status()).isEqualTo(DeliveryStatus.PENDING);
    assertThat(rung()).isEqualTo(1);
  }

  @Test
  void aClaimThatTheSdkHadToRepeatIsOurs() {
    Delivery delivery = webhooks.delivery(endpoint.endpoint());
    Deliveries deliveries =
        new Deliveries(RepeatedWrites.of(dynamoDb.client()), dynamoDb.prefix(), webhooks.clock);

    assertThat(deliveries.claim(webhooks.firstRing(delivery)))
        .isInstanceOf(ClaimOutcome.Begun.class);

    assertThat(deliveries.claim(webhooks.firstRing(delivery)))
        .isInstanceOf(ClaimOutcome.UnderWay.class);
  }

  @Test
  void aDeliveryThatTheSdkHadToPutAgainIsOursToRingFor() {
    Delivery delivery = webhooks.delivery(endpoint.endpoint());
    Delivery another = Delivery.of(webhooks.event(), delivery.endpoint(), delivery.createdAt());
    Deliveries deliveries =
        new Deliveries(RepeatedWrites.of(dynamoDb.client()), dynamoDb.prefix(), webhooks.clock);

    assertThat(deliveries.underWayFor(deliveries.createIfAbsent(another))).isPresent();
    assertThat(deliveries.createIfAbsent(delivery)).isEqualTo(DeliveryRing.of(delivery.id()));
  }

  @Test
  void theFirstAttemptIsHisWhoGetsTheFirstRing() {
    Delivery delivery = webhooks.delivery(endpoint.endpoint());

    webhooks.sender.send(DeliveryRing.of(delivery.id())); // as fan-out does that runs again
    assertThat(receiver.received()).isEmpty();
    assertThat(delayed()).isEqualTo(1);

    webhooks.send(delivery);
    assertThat(webhooks.row(delivery).status()).isEqualTo(DeliveryStatus.DELIVERED);
    webhooks.clock.advance(Deliveries.CLAIM);
    webhooks.sender.send(DeliveryRing.of(delivery.id()));
    assertThat(receiver.received()).hasSize(1);
  }

  @Test
  void aFirstRingThatWaitedInTheQueueWaitsNoMore() {
    Delivery delivery = webhooks.delivery(endpoint.endpoint());

    webhooks.clock.advance(Deliveries.CLAIM.minusSeconds(15));
    webhooks.send(delivery);

    assertThat(webhooks.row(delivery).status()).isEqualTo(DeliveryStatus.DELIVERED);
  }

  @Test
  void aFirstRingThatComesTwiceAndLateIsOneAttempt() {
    Delivery delivery = webhooks.delivery(endpoint.endpoint());
    webhooks.clock.advance(Deliveries.CLAIM.minusSeconds(15));
    webhooks.begin(delivery);

    webhooks.send(delivery);

    assertThat(receiver.received()).isEmpty();
    assertThat(delayed()).isEqualTo(1);
  }

  @Test
  void aFirstRingThatComesAfterTheJanitorsIsInVain() {
    Delivery delivery = webhooks.delivery(endpoint.endpoint());
    webhooks.clock.advance(Deliveries.RING_GRACE);
    assertThat(webhooks.deliveries.claim(DeliveryRing.of(delivery.id())))
        .isInstanceOf(ClaimOutcome.Begun.class);

    webhooks.send(delivery);

    assertThat(receiver.received()).isEmpty();
    assertThat(delayed()).isEqualTo(1);
  }

  @Test
  void twoWhoAreRungForTheSameSendItOnce() throws Exception {
    Delivery delivery = webhooks.delivery(endpoint.endpoint());
    CountDownLatch both = new CountDownLatch(1);
    receiver.answer(
        exchange -> {
          waitFor(both);
          exchange.sendResponseHeaders(204, -1);
        });
    Thread first = Thread.startVirtualThread(() -> webhooks.send(delivery));
    await().until(() -> receiver.received().size() == 1);

    webhooks.sender.send(DeliveryRing.of(delivery.id()));
    both.countDown();
    first.join();

    assertThat(receiver.received()).hasSize(1);
    assertThat(webhooks.row(delivery).attempts()).isEqualTo(1);
    assertThat(webhooks.row(delivery).status()).isEqualTo(DeliveryStatus.DELIVERED);
  }

  @Test
  void anAttemptWhoseFunctionDiedIsMadeAgain() {
    Delivery delivery = webhooks.delivery(endpoint.endpoint());
    webhooks.begin(delivery); // and then nothing more

    webhooks.clock.advance(Deliveries.CLAIM);
    webhooks.send(delivery);

    assertThat(webhooks.row(delivery).status()).isEqualTo(DeliveryStatus.DELIVERED);
    assertThat(webhooks.row(delivery).attempts()).isEqualTo(1);
  }

  @Test
  void whatFailsOnOurSideCostsAnEndpointNoAttempt() {
    Delivery delivery = webhooks.delivery(endpoint.endpoint());
    DeliverySender brownOut =
        webhooks.senderOver(new Events(dynamoDb.client(), "no-such-", webhooks.clock));
    for (int outage = 0; outage < 20; outage++) {
      assertThatThrownBy(() -> brownOut.send(webhooks.firstRing(delivery)))
          .isInstanceOf(SdkException.class);
      webhooks.clock.advance(Deliveries.CLAIM);
      webhooks.begin(delivery); // by a function that is killed
      webhooks.clock.advance(Deliveries.CLAIM);
    }
    assertThat(webhooks.row(delivery).attempts()).isZero();

    receiver.answer(500);
    while (webhooks.row(delivery).status() == DeliveryStatus.PENDING) {
      webhooks.send(delivery);
      webhooks.clock.advance(Duration.ofDays(2));
    }

    assertThat(receiver.received()).hasSize(10);
    assertThat(webhooks.row(delivery).status()).isEqualTo(DeliveryStatus.EXHAUSTED);
    assertThat(webhooks.row(delivery).attempts()).isEqualTo(10);
  }

  @Test
  void aRingThatMeetsAnAttemptUnderWayComesBackWhenItsTimeIsUp() {
    Delivery delivery = webhooks.delivery(endpoint.endpoint());
    webhooks.begin(delivery); // and then nothing more

    webhooks.sender.send(DeliveryRing.of(delivery.id()));

    assertThat(delayed()).isEqualTo(1);
    assertThat(receiver.received()).isEmpty();
  }

  @Test
  void aRingBeforeTheNextAttemptIsNotMadeTwo() {
    Delivery delivery = webhooks.delivery(endpoint.endpoint());
    receiver.answer(500);
    webhooks.send(delivery);

    webhooks.send(delivery);

    assertThat(rung()).isEqualTo(1);
  }

  @Test
  void anAttemptThatOversleptDoesNotUndoTheNextOne() {
    Delivery delivery = webhooks.delivery(endpoint.endpoint());
    Attempt overslept = webhooks.begin(delivery);
    webhooks.clock.advance(Deliveries.CLAIM);
    webhooks.send(delivery);

    webhooks.deliveries.exhausted(overslept, "timeout");

    assertThat(webhooks.row(delivery).status()).isEqualTo(DeliveryStatus.DELIVERED);
  }

  @Test
  void anEndpointThatWasDeletedGetsNothingMore() {
    Delivery delivery = webhooks.delivery(endpoint.endpoint());
    webhooks.endpoints.delete(webhooks.customer, endpoint.endpoint().id());

    webhooks.send(delivery);

    assertThat(receiver.received()).isEmpty();
    assertThat(webhooks.row(delivery).status()).isEqualTo(DeliveryStatus.CANCELLED);
  }

  @Test
  void aRingForNothingIsIgnored() {
    Delivery never =
        Delivery.of(webhooks.event(), endpoint.endpoint().id(), webhooks.clock.instant());

    webhooks.sender.send(DeliveryRing.of(never.id()));

    assertThat(receiver.received()).isEmpty();
  }

  /** How many messages the queue holds back. */
  private int delayed() {
    return messages(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED);
  }

  /** The same, and those that it held back for a few seconds, by a clock of its own. */
  private int rung() {
    return messages(
        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED,
        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES);
  }

  private int messages(QueueAttributeName... which) {
    Map<QueueAttributeName, String> counts =
        sqs.client()
            .getQueueAttributes(
                get -> get.queueUrl(sqs.url(Queues.WEBHOOK_DELIVERIES)).attributeNames(which))
            .attributes();
    return counts.values().stream().mapToInt(Integer::parseInt).sum();
  }

  private static HttpHeaders headers(Receiver.Received request) {
    return HttpHeaders.of(
        request.headers().entrySet().stream()
            .collect(
                Collectors.toMap(header -> header.getKey(), header -> List.of(header.getValue()))),
        (name, value) -> true);
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
