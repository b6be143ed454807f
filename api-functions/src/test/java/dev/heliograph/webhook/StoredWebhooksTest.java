package dev.heliograph.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.account.CustomerId;
import dev.heliograph.config.Secret;
import dev.heliograph.event.EventId;
import dev.heliograph.event.EventType;
import dev.heliograph.event.StoredEvent;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.table.GoldenItems;
import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.table.LocalSqs;
import dev.heliograph.table.Queues;
import dev.heliograph.table.Tables;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class StoredWebhooksTest {
  private static final String ULID = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
  private static final CustomerId CUSTOMER = new CustomerId("cust_" + ULID);
  private static final EndpointId ENDPOINT = new EndpointId("whep_" + ULID);
  // In a year when nothing of it expires while the test runs.
  private static final Instant NOW = Instant.parse("2100-05-01T12:34:56.789Z");
  private static final InstantSource CLOCK = InstantSource.fixed(NOW);

  @RegisterExtension
  final LocalDynamoDb dynamoDb =
      LocalDynamoDb.with(Tables.WEBHOOK_ENDPOINTS, Tables.WEBHOOK_DELIVERIES);

  @RegisterExtension
  final LocalSqs sqs = LocalSqs.with(Queues.WEBHOOK_DELIVERIES, Queues.WEBHOOK_DELIVERIES_DEAD);

  private final Delivery delivery =
      Delivery.of(
          new StoredEvent(
              new InstanceId("inst_" + ULID),
              7,
              new EventId("evt_" + ULID),
              CUSTOMER,
              EventType.MESSAGE_RECEIVED,
              "{}"),
          ENDPOINT,
          NOW);

  private Deliveries deliveries;
  private DeliveryRing ring;

  @BeforeEach
  void setUp() {
    deliveries = new Deliveries(dynamoDb.client(), dynamoDb.prefix(), CLOCK);
    ring = deliveries.createIfAbsent(delivery);
  }

  @Test
  void anEndpoint() {
    SecretSeal seal = new SecretSeal(() -> new Secret("a key that is long enough"));
    new Endpoints(dynamoDb.client(), dynamoDb.prefix(), seal, () -> ULID, CLOCK)
        .create(CUSTOMER, new EndpointUrl("https://example.com/hook"), List.of("message.received"));

    GoldenItems.check(
        StoredWebhooksTest.class,
        "endpoint",
        dynamoDb,
        Tables.WEBHOOK_ENDPOINTS,
        Map.of(
            "customer",
            AttributeValue.fromS(CUSTOMER.value()),
            "id",
            AttributeValue.fromS(ENDPOINT.value())),
        "secret");
  }

  @Test
  void aDeliveryFromItsBeginningToItsSuccess() {
    check("delivery-born", "claim");

    Attempt attempt = begin(ring);
    check("delivery-begun", "claim");

    deliveries.delivered(attempt);
    check("delivery-delivered");
  }

  @Test
  void aDeliveryThatFails() {
    Instant next = NOW.plusSeconds(5);

    deliveries.retry(begin(ring), "http_500", next, next.plus(Deliveries.RING_GRACE));
    check("delivery-retried");
  }

  @Test
  void aDeliveryThatIsGivenUp() {
    deliveries.exhausted(begin(ring), "http_500");
    check("delivery-exhausted");
  }

  /** Versions before wrote a row that nobody had begun, and counted an attempt that had begun. */
  @Test
  void aDeliveryThatAVersionBeforeHasWritten() {
    DeliveryRing plain = DeliveryRing.of(delivery.id());
    put("delivery-new");
    assertThat(deliveries.claim(plain)).isInstanceOf(ClaimOutcome.Begun.class);

    put("delivery-claimed");
    assertThat(deliveries.claim(plain))
        .isEqualTo(new ClaimOutcome.UnderWay(NOW.plus(Deliveries.CLAIM)));
    assertThat(begin(plain).delivery().attempts()).isEqualTo(1);
  }

  private void put(String file) {
    GoldenItems.put(StoredWebhooksTest.class, file, dynamoDb, Tables.WEBHOOK_DELIVERIES);
  }

  @Test
  void aRing() {
    assertThat(DeliveryQueue.parse(rung(DeliveryRing.of(delivery.id()))))
        .isEqualTo(DeliveryRing.of(delivery.id()));
    assertThat(rung(DeliveryRing.of(delivery.id())))
        .isEqualTo("{\"delivery\":\"%s\"}".formatted(delivery.id()));
    assertThat(rung(new DeliveryRing(delivery.id(), "c")))
        .isEqualTo("{\"delivery\":\"%s\",\"claim\":\"c\"}".formatted(delivery.id()));
    assertThat(DeliveryQueue.parse(rung(ring))).isEqualTo(ring);
  }

  private String rung(DeliveryRing what) {
    new DeliveryQueue(sqs.client(), sqs.prefix()).ring(List.of(what));
    return sqs.takeAll(Queues.WEBHOOK_DELIVERIES).getFirst();
  }

  /** When the claim that the row has is over: it is another one then, until another time. */
  private Attempt begin(DeliveryRing what) {
    Deliveries later =
        new Deliveries(
            dynamoDb.client(), dynamoDb.prefix(), InstantSource.fixed(NOW.plus(Deliveries.CLAIM)));
    return ((ClaimOutcome.Begun) later.claim(what)).attempt();
  }

  private void check(String file, String... drawn) {
    GoldenItems.check(
        StoredWebhooksTest.class,
        file,
        dynamoDb,
        Tables.WEBHOOK_DELIVERIES,
        Map.of("id", AttributeValue.fromS(delivery.id().value())),
        drawn);
  }
}
