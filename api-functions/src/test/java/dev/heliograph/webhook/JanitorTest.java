package dev.heliograph.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import dev.heliograph.api.NoContext;
import dev.heliograph.authstate.PairingId;
import dev.heliograph.cloudwatch.MetricsLog;
import dev.heliograph.command.Doorbell;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.PhoneNumber;
import dev.heliograph.json.Json;
import dev.heliograph.message.MessageBody;
import dev.heliograph.message.Messages;
import dev.heliograph.message.WhatsAppId;
import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.table.LocalSqs;
import dev.heliograph.table.Queues;
import dev.heliograph.table.Tables;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

class JanitorTest {
  private static final int SHARD = 3;

  @RegisterExtension
  final LocalDynamoDb dynamoDb =
      LocalDynamoDb.with(
          Tables.EVENTS, Tables.WEBHOOK_ENDPOINTS, Tables.WEBHOOK_DELIVERIES, Tables.MESSAGES);

  @RegisterExtension
  final LocalSqs sqs =
      LocalSqs.with(
          Queues.commands(SHARD),
          Queues.COMMANDS_DEAD,
          Queues.WEBHOOK_DELIVERIES,
          Queues.WEBHOOK_DELIVERIES_DEAD);

  private LocalWebhooks webhooks;
  private Messages messages;
  private Janitor janitor;

  @BeforeEach
  void setUp() {
    webhooks = new LocalWebhooks(dynamoDb, sqs);
    messages = new Messages(dynamoDb.client(), dynamoDb.prefix(), webhooks.clock);
    janitor =
        new Janitor(
            webhooks.deliveries,
            webhooks.queue,
            messages,
            new Doorbell(sqs.client(), sqs.prefix()),
            webhooks.clock);
  }

  @Test
  void aDeliveryWhoseRingWasLostIsRungForOnceInAWhile() {
    Endpoint endpoint =
        webhooks
            .endpoints
            .create(webhooks.customer, new EndpointUrl("http://127.0.0.1:1/"), List.of())
            .endpoint();
    Delivery delivery = webhooks.delivery(endpoint);

    janitor.sweep();
    assertThat(webhooks.rings()).doesNotContain(delivery.id());

    webhooks.clock.advance(Deliveries.RING_GRACE);
    janitor.sweep();
    assertThat(webhooks.rings()).contains(delivery.id());
    webhooks.clock.advance(Duration.ofMinutes(1));
    janitor.sweep();
    assertThat(webhooks.rings()).doesNotContain(delivery.id());

    webhooks.clock.advance(Deliveries.RING_GRACE);
    janitor.sweep();
    assertThat(webhooks.rings()).contains(delivery.id());
  }

  @Test
  void afterTheQueueWasLostEachDeliveryIsRungForAtItsTime() {
    Endpoint endpoint =
        webhooks
            .endpoints
            .create(webhooks.customer, new EndpointUrl("http://127.0.0.1:1/"), List.of())
            .endpoint();
    Delivery fresh = webhooks.delivery(endpoint);
    Delivery claimed = webhooks.delivery(endpoint);
    Delivery failed = webhooks.delivery(endpoint);
    Delivery delivered = webhooks.delivery(endpoint);
    webhooks.begin(claimed);
    Instant next = webhooks.clock.instant().plus(Duration.ofMinutes(10));
    webhooks.deliveries.retry(
        webhooks.begin(failed), "http_500", next, next.plus(Deliveries.RING_GRACE));
    webhooks.deliveries.delivered(webhooks.begin(delivered));

    assertThat(webhooks.deliveries.rungFor())
        .containsEntry(fresh.id(), Duration.ZERO)
        .containsEntry(claimed.id(), Duration.ZERO)
        .containsEntry(failed.id(), Duration.ofMinutes(10))
        .doesNotContainKey(delivered.id());
    janitor.ringAgain();
    assertThat(webhooks.rings())
        .contains(fresh.id(), claimed.id())
        .doesNotContain(delivered.id(), failed.id());
  }

  @Test
  void afterTheQueueWasLostNobodyWaitsForThoseWhoWereLostWithIt() {
    try (Receiver receiver = Receiver.start()) {
      Endpoint endpoint =
          webhooks.endpoints.create(webhooks.customer, receiver.url(), List.of()).endpoint();
      Delivery fresh = webhooks.delivery(endpoint);
      Delivery claimed = webhooks.delivery(endpoint);
      webhooks.begin(claimed);
      webhooks.clock.advance(Duration.ofSeconds(45));

      janitor.ringAgain();
      webhooks.takeRings().forEach(webhooks.sender::send);

      assertThat(receiver.received()).hasSize(2);
      assertThat(webhooks.row(fresh).status()).isEqualTo(DeliveryStatus.DELIVERED);
      assertThat(webhooks.row(claimed).status()).isEqualTo(DeliveryStatus.DELIVERED);
    }
  }

  @Test
  void aMessageThatNobodyTookIsRungForUntilItsDeadline() {
    InstanceId waiting = queue("Hello");
    queue(waiting, "Hello again");

    janitor.sweep();
    assertThat(commands()).isEmpty();

    webhooks.clock.advance(Duration.ofSeconds(31));
    janitor.sweep();
    assertThat(commands()).containsExactly("{\"instance\":\"%s\"}".formatted(waiting));

    webhooks.clock.advance(Duration.ofMinutes(10));
    janitor.sweep();
    assertThat(commands()).isEmpty();
  }

  @Test
  void whatNobodySettlesAfterItsDeadlineIsCountedForTheAlarm() {
    List<String> lines = new ArrayList<>();
    MetricsLog log = new MetricsLog("Heliograph", dynamoDb.prefix(), lines::add);
    JanitorHandler handler = new JanitorHandler(janitor, log, webhooks.clock);
    queue("Hello");
    queue("Hello");

    webhooks.clock.advance(Duration.ofMinutes(11));
    handler.handleRequest(new ScheduledEvent(), new NoContext());
    webhooks.clock.advance(Duration.ofMinutes(2));
    handler.handleRequest(new ScheduledEvent(), new NoContext());

    assertThat(lines)
        .extracting(line -> Json.read(line).path("MessagesOverdue").asInt())
        .containsExactly(0, 2);
  }

  @Test
  void messagesAreRungForWhereDeliveriesCannotBe() {
    janitor =
        new Janitor(
            new Deliveries(dynamoDb.client(), "no-such-", webhooks.clock),
            webhooks.queue,
            messages,
            new Doorbell(sqs.client(), sqs.prefix()),
            webhooks.clock);
    InstanceId waiting = queue("Hello");
    webhooks.clock.advance(Duration.ofSeconds(31));

    assertThatThrownBy(janitor::sweep).isInstanceOf(ResourceNotFoundException.class);

    assertThat(commands()).containsExactly("{\"instance\":\"%s\"}".formatted(waiting));
  }

  private InstanceId queue(String text) {
    InstanceId instance = InstanceId.draw(IdGenerator.random());
    queue(instance, text);
    return instance;
  }

  private void queue(InstanceId instance, String text) {
    messages.accept(
        dev.heliograph.message.Message.queued(
            instance,
            webhooks.customer,
            SHARD,
            PairingId.draw(IdGenerator.random()),
            WhatsAppId.random(),
            new PhoneNumber("14155550123"),
            new MessageBody.Text(text),
            null,
            webhooks.clock.instant(),
            webhooks.clock.instant().plus(Duration.ofMinutes(10))));
  }

  private List<String> commands() {
    return sqs.takeAll(Queues.commands(SHARD));
  }
}
