package dev.heliograph.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.authstate.PairingId;
import dev.heliograph.command.Doorbell;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.PhoneNumber;
import dev.heliograph.message.MessageBody;
import dev.heliograph.message.Messages;
import dev.heliograph.message.WhatsAppId;
import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.table.LocalSqs;
import dev.heliograph.table.Queues;
import dev.heliograph.table.Tables;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.sqs.model.Message;

class JanitorTest {
  private static final int SHARD = 3;

  @RegisterExtension
  static final LocalDynamoDb dynamoDb =
      LocalDynamoDb.with(
          Tables.EVENTS, Tables.WEBHOOK_ENDPOINTS, Tables.WEBHOOK_DELIVERIES, Tables.MESSAGES);

  @RegisterExtension static final LocalSqs sqs = LocalSqs.withAllQueues();

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
    assertThat(webhooks.rings()).isEmpty();

    webhooks.clock.advance(Deliveries.RING_GRACE);
    janitor.sweep();
    assertThat(webhooks.rings()).containsExactly(delivery.id());
    webhooks.clock.advance(Duration.ofMinutes(1));
    janitor.sweep();
    assertThat(webhooks.rings()).isEmpty();

    webhooks.clock.advance(Deliveries.RING_GRACE);
    janitor.sweep();
    assertThat(webhooks.rings()).containsExactly(delivery.id());
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
    String url = sqs.url(Queues.commands(SHARD));
    List<Message> rings =
        sqs.client()
            .receiveMessage(receive -> receive.queueUrl(url).maxNumberOfMessages(10))
            .messages();
    rings.forEach(
        ring ->
            sqs.client()
                .deleteMessage(delete -> delete.queueUrl(url).receiptHandle(ring.receiptHandle())));
    return rings.stream().map(Message::body).toList();
  }
}
