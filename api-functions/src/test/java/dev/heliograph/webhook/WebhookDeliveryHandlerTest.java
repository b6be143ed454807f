package dev.heliograph.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.heliograph.api.NoContext;
import dev.heliograph.event.Events;
import dev.heliograph.function.LoggedLines;
import dev.heliograph.function.Nowhere;
import dev.heliograph.json.Json;
import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.table.LocalSqs;
import dev.heliograph.table.Queues;
import dev.heliograph.table.Tables;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WebhookDeliveryHandlerTest {
  private static final EndpointUrl ANYWHERE = new EndpointUrl("http://127.0.0.1:1/");

  @RegisterExtension
  static final LocalDynamoDb dynamoDb =
      LocalDynamoDb.with(Tables.EVENTS, Tables.WEBHOOK_ENDPOINTS, Tables.WEBHOOK_DELIVERIES);

  @RegisterExtension
  final LocalSqs sqs = LocalSqs.with(Queues.WEBHOOK_DELIVERIES, Queues.WEBHOOK_DELIVERIES_DEAD);

  private LocalWebhooks webhooks;

  @BeforeEach
  void setUp() {
    webhooks = new LocalWebhooks(dynamoDb, sqs);
  }

  @Test
  void whatAwsRefusesIsAnErrorAndItsSilenceAWarning() {
    try (LoggedLines lines = new LoggedLines(WebhookDeliveryHandler.class)) {
      assertThat(handle(new Events(dynamoDb.client(), "elsewhere-", webhooks.clock))).hasSize(1);
      assertThat(lines.levels()).containsExactly(Level.ERROR);

      assertThat(handle(new Events(Nowhere.dynamoDb(), dynamoDb.prefix(), webhooks.clock)))
          .hasSize(1);
      assertThat(lines.levels()).containsExactly(Level.ERROR, Level.WARN);
    }
  }

  /** Brings a new delivery to a function that looks for events there. */
  private List<BatchItemFailure> handle(Events events) {
    NewEndpoint endpoint = webhooks.endpoints.create(webhooks.customer, ANYWHERE, List.of());
    DeliveryRing ring = webhooks.firstRing(webhooks.delivery(endpoint.endpoint()));
    SQSMessage message = new SQSMessage();
    message.setMessageId("message");
    message.setBody(
        Json.write(
            Json.object().put("delivery", ring.delivery().value()).put("claim", ring.claim())));
    SQSEvent batch = new SQSEvent();
    batch.setRecords(List.of(message));
    return new WebhookDeliveryHandler(webhooks.senderOver(events))
        .handleRequest(batch, new NoContext())
        .getBatchItemFailures();
  }
}
