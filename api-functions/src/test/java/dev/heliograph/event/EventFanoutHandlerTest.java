package dev.heliograph.event;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse.BatchItemFailure;
import com.standardwebhooks.Webhook;
import dev.heliograph.api.NoContext;
import dev.heliograph.event.EventData.InstanceChanged;
import dev.heliograph.event.EventData.InstanceDeleted;
import dev.heliograph.function.LoggedLines;
import dev.heliograph.function.Nowhere;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.journal.Entry;
import dev.heliograph.journal.Journal;
import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.table.LocalSqs;
import dev.heliograph.table.Queues;
import dev.heliograph.table.Tables;
import dev.heliograph.webhook.DeliveryId;
import dev.heliograph.webhook.DeliveryQueue;
import dev.heliograph.webhook.EndpointUrl;
import dev.heliograph.webhook.LocalWebhooks;
import dev.heliograph.webhook.NewEndpoint;
import dev.heliograph.webhook.Receiver;
import dev.heliograph.webhook.WebhookDeliveryHandler;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class EventFanoutHandlerTest {
  private static final EndpointUrl ANYWHERE = new EndpointUrl("http://127.0.0.1:1/");

  @RegisterExtension
  static final LocalDynamoDb dynamoDb =
      LocalDynamoDb.with(
          Tables.JOURNAL, Tables.EVENTS, Tables.WEBHOOK_ENDPOINTS, Tables.WEBHOOK_DELIVERIES);

  @RegisterExtension
  final LocalSqs sqs = LocalSqs.with(Queues.WEBHOOK_DELIVERIES, Queues.WEBHOOK_DELIVERIES_DEAD);

  private LocalWebhooks webhooks;
  private Journal journal;
  private EventFanoutHandler handler;
  private long seq;
  private long sequence;

  @BeforeEach
  void setUp() {
    webhooks = new LocalWebhooks(dynamoDb, sqs);
    journal = new Journal(dynamoDb.client(), dynamoDb.prefix());
    handler = new EventFanoutHandler(fanout(), webhooks.queue);
  }

  @Test
  void theEventsOfAnEntryAreRecordedAndRungForAtEachEndpoint() {
    NewEndpoint one = webhooks.endpoints.create(webhooks.customer, ANYWHERE, List.of());
    NewEndpoint other = webhooks.endpoints.create(webhooks.customer, ANYWHERE, List.of());
    String connecting = changed(InstanceStatus.CONNECTING);
    String connected = changed(InstanceStatus.CONNECTED);

    assertNoFailure(handle(appended(connecting, connected)));

    List<StoredEvent> events = webhooks.events.next(webhooks.instance, 0, 100, true);
    assertThat(events).extracting(StoredEvent::json).containsExactly(connecting, connected);
    assertThat(webhooks.rings())
        .containsExactlyInAnyOrder(
            DeliveryId.of(events.get(0).id(), one.endpoint().id()),
            DeliveryId.of(events.get(0).id(), other.endpoint().id()),
            DeliveryId.of(events.get(1).id(), one.endpoint().id()),
            DeliveryId.of(events.get(1).id(), other.endpoint().id()));
  }

  @Test
  void fannedOutTwiceAnEntryIsTheSameEventsAndDeliveries() {
    webhooks.endpoints.create(webhooks.customer, ANYWHERE, List.of());
    DynamodbStreamRecord record = appended(changed(InstanceStatus.CONNECTED));

    handle(record);
    List<DeliveryId> first = webhooks.rings();
    handle(record);

    assertThat(webhooks.events.next(webhooks.instance, 0, 100, true)).hasSize(1);
    assertThat(webhooks.rings()).isEqualTo(first).hasSize(1);
    assertThat(
            dynamoDb
                .client()
                .scan(scan -> scan.tableName(dynamoDb.name(Tables.WEBHOOK_DELIVERIES)))
                .items())
        .filteredOn(row -> row.containsValue(AttributeValue.fromS(webhooks.customer.value())))
        .hasSize(1);
  }

  @Test
  void anEndpointGetsWhatItWantsOnly() {
    NewEndpoint picky =
        webhooks.endpoints.create(webhooks.customer, ANYWHERE, List.of("instance.connected"));

    handle(
        appended(changed(InstanceStatus.CONNECTING)), appended(changed(InstanceStatus.CONNECTED)));

    StoredEvent connected = webhooks.events.find(webhooks.instance, 2).orElseThrow();
    assertThat(webhooks.rings())
        .containsExactly(DeliveryId.of(connected.id(), picky.endpoint().id()));
  }

  @Test
  void nobodyGetsAnotherCustomersEvents() {
    LocalWebhooks other = new LocalWebhooks(dynamoDb, sqs);
    other.endpoints.create(other.customer, ANYWHERE, List.of());

    handle(appended(changed(InstanceStatus.CONNECTED)));

    assertThat(webhooks.rings()).isEmpty();
    assertThat(webhooks.events.next(webhooks.instance, 0, 100, true)).hasSize(1);
  }

  @Test
  void whatIsNoEntryWithEventsIsPassedOver() {
    DynamodbStreamRecord silent = appended();
    DynamodbStreamRecord expired = appended(changed(InstanceStatus.CONNECTED));
    expired.setEventName("REMOVE");
    DynamodbStreamRecord checkpoint = appended(changed(InstanceStatus.CONNECTED));
    StreamRecords.move(checkpoint, 0);

    assertNoFailure(handle(silent, expired, checkpoint));

    assertThat(webhooks.events.next(webhooks.instance, 0, 100, true)).isEmpty();
    assertThat(webhooks.events.parked(webhooks.instance)).isEmpty();
  }

  @Test
  void whatMakesNoSenseIsParkedAndTheRestGoesOn() {
    String good = changed(InstanceStatus.CONNECTED);
    DynamodbStreamRecord noJson = appended("{\"text\":\"secret");
    DynamodbStreamRecord noType = appended(good.replace("instance.connected", "instance.exploded"));
    DynamodbStreamRecord noPlace = appended(good);
    noPlace.getDynamodb().getNewImage().remove(Journal.INSTANCE);

    assertNoFailure(handle(noJson, noType, noPlace, appended("[]", good)));

    assertThat(webhooks.events.next(webhooks.instance, 0, 100, true)).hasSize(1);
    assertThat(webhooks.events.parked(webhooks.instance)).containsOnlyKeys(1L, 2L, 3L, 4L);
    assertThat(webhooks.events.parked(webhooks.instance).toString()).doesNotContain("secret");
  }

  @Test
  void anEventThatDynamoDbWillNeverTakeHoldsUpNoOther() {
    webhooks.endpoints.create(webhooks.customer, ANYWHERE, List.of());
    String tooBig = changed(InstanceStatus.CONNECTING);
    DynamodbStreamRecord record = appended(tooBig, changed(InstanceStatus.CONNECTED));
    // The journal would not take it either.
    requireNonNull(record.getDynamodb().getNewImage().get(Journal.EVENTS))
        .getL()
        .getFirst()
        .setS(tooBig.replace("{\"id\"", "{\"filler\":\"" + "x".repeat(410_000) + "\",\"id\""));

    assertNoFailure(handle(record));

    assertThat(webhooks.events.next(webhooks.instance, 0, 100, true))
        .extracting(StoredEvent::sequence)
        .containsExactly(2L);
    assertThat(webhooks.rings()).hasSize(1);
    assertThat(webhooks.events.parked(webhooks.instance)).containsOnlyKeys(1L);
  }

  @Test
  void anEventOfAnotherInstanceIsParked() {
    LocalWebhooks other = new LocalWebhooks(dynamoDb, sqs);
    String theirs =
        changed(InstanceStatus.CONNECTED)
            .replace(webhooks.instance.value(), other.instance.value());

    handle(appended(theirs));

    assertThat(webhooks.events.parked(webhooks.instance)).hasSize(1);
    assertThat(other.events.next(other.instance, 0, 100, true)).isEmpty();
  }

  @Test
  void anEventOfAnotherCustomerIsParked() {
    LocalWebhooks other = new LocalWebhooks(dynamoDb, sqs);
    other.endpoints.create(other.customer, ANYWHERE, List.of());
    String theirs =
        changed(InstanceStatus.CONNECTED)
            .replace(webhooks.customer.value(), other.customer.value());

    handle(appended(theirs));

    assertThat(webhooks.events.parked(webhooks.instance)).hasSize(1);
    assertThat(webhooks.events.next(webhooks.instance, 0, 100, true)).isEmpty();
    assertThat(other.rings()).isEmpty();
  }

  @Test
  void whereDynamoDbIsDownTheBatchComesAgainFromThere() {
    handler = over(new Events(Nowhere.dynamoDb(), dynamoDb.prefix(), webhooks.clock));
    DynamodbStreamRecord silent = appended();
    DynamodbStreamRecord first = appended(changed(InstanceStatus.CONNECTING));

    StreamsEventResponse response = handle(silent, first, appended());

    assertThat(response.getBatchItemFailures())
        .extracting(BatchItemFailure::getItemIdentifier)
        .containsExactly(first.getDynamodb().getSequenceNumber());
  }

  @Test
  void whatAwsRefusesIsAnErrorAndItsSilenceAWarning() {
    DynamodbStreamRecord record = appended(changed(InstanceStatus.CONNECTED));
    try (LoggedLines lines = new LoggedLines(EventFanoutHandler.class)) {
      handler = over(new Events(dynamoDb.client(), "elsewhere-", webhooks.clock));
      assertThat(handle(record).getBatchItemFailures()).hasSize(1);
      assertThat(lines.levels()).containsExactly(Level.ERROR);

      handler = over(new Events(Nowhere.dynamoDb(), dynamoDb.prefix(), webhooks.clock));
      assertThat(handle(record).getBatchItemFailures()).hasSize(1);
      assertThat(lines.levels()).containsExactly(Level.ERROR, Level.WARN);
    }
  }

  /** The handler, where events are written there. */
  private EventFanoutHandler over(Events events) {
    EventFanout fanout =
        new EventFanout(events, webhooks.endpoints, webhooks.deliveries, webhooks.clock);
    return new EventFanoutHandler(fanout, webhooks.queue);
  }

  @Test
  void whereSqsIsDownTheBatchComesAgainFromTheFirstLostRing() {
    webhooks.endpoints.create(webhooks.customer, ANYWHERE, List.of("instance.connected"));
    handler = new EventFanoutHandler(fanout(), new DeliveryQueue(Nowhere.sqs(), sqs.prefix()));
    DynamodbStreamRecord unwanted = appended(changed(InstanceStatus.CONNECTING));
    DynamodbStreamRecord wanted = appended(changed(InstanceStatus.CONNECTED));

    StreamsEventResponse response = handle(unwanted, wanted);

    assertThat(response.getBatchItemFailures())
        .extracting(BatchItemFailure::getItemIdentifier)
        .containsExactly(wanted.getDynamodb().getSequenceNumber());
  }

  @Test
  void fromTheJournalToTheReceiver() throws Exception {
    try (Receiver receiver = Receiver.start()) {
      NewEndpoint endpoint =
          webhooks.endpoints.create(webhooks.customer, receiver.url(), List.of());
      String deleted = event(EventType.INSTANCE_DELETED, new InstanceDeleted(true));
      handle(appended(deleted));

      var response =
          new WebhookDeliveryHandler(webhooks.sender).handleRequest(queued(), new NoContext());

      assertThat(response.getBatchItemFailures()).isEmpty();
      Receiver.Received request = receiver.received().getFirst();
      assertThat(request.body()).isEqualTo(deleted);
      new Webhook(endpoint.secret().text())
          .verify(
              request.body(),
              HttpHeaders.of(
                  request.headers().entrySet().stream()
                      .collect(
                          Collectors.toMap(
                              header -> header.getKey(), header -> List.of(header.getValue()))),
                  (name, value) -> true));
    }
  }

  @Test
  void aMessageThatNamesNoDeliveryGoesBackAndTheOthersAreSent() throws Exception {
    try (Receiver receiver = Receiver.start()) {
      webhooks.endpoints.create(webhooks.customer, receiver.url(), List.of());
      handle(appended(changed(InstanceStatus.CONNECTED)));
      SQSEvent batch = queued();
      SQSMessage strange = new SQSMessage();
      strange.setMessageId("strange");
      strange.setBody("{}");
      batch.getRecords().add(strange);

      var response =
          new WebhookDeliveryHandler(webhooks.sender).handleRequest(batch, new NoContext());

      assertThat(response.getBatchItemFailures())
          .extracting(failure -> failure.getItemIdentifier())
          .containsExactly("strange");
      assertThat(receiver.received()).hasSize(1);
    }
  }

  private EventFanout fanout() {
    return new EventFanout(
        webhooks.events, webhooks.endpoints, webhooks.deliveries, webhooks.clock);
  }

  private StreamsEventResponse handle(DynamodbStreamRecord... records) {
    DynamodbEvent stream = new DynamodbEvent();
    stream.setRecords(List.of(records));
    return handler.handleRequest(stream, new NoContext());
  }

  private static void assertNoFailure(StreamsEventResponse response) {
    assertThat(response.getBatchItemFailures()).isEmpty();
  }

  private String changed(InstanceStatus status) {
    EventType type = EventType.parse("instance." + status.wire()).orElseThrow();
    return event(type, new InstanceChanged(status, null, null, null));
  }

  private String event(EventType type, EventData data) {
    sequence++;
    return EventJson.write(
        new Event(
            EventId.of(webhooks.instance, sequence, 0),
            type,
            webhooks.clock.instant(),
            webhooks.instance,
            webhooks.customer,
            sequence,
            data));
  }

  /** Appends an entry as a session does, and gives what the stream then brings. */
  private DynamodbStreamRecord appended(String... events) {
    seq++;
    Entry entry =
        new Entry(
            webhooks.instance,
            seq,
            "entry-" + seq,
            webhooks.customer,
            webhooks.clock.instant(),
            null,
            List.of(events),
            "[]",
            SdkBytes.fromUtf8String("sealed"));
    assertThat(journal.put(entry)).isEmpty();
    return StreamRecords.inserted(dynamoDb, webhooks.instance, seq);
  }

  /** What waits in the queue, as Lambda hands it on. */
  private SQSEvent queued() {
    SQSEvent batch = new SQSEvent();
    batch.setRecords(new ArrayList<>());
    for (var message :
        sqs.client()
            .receiveMessage(
                receive ->
                    receive.queueUrl(sqs.url(Queues.WEBHOOK_DELIVERIES)).maxNumberOfMessages(10))
            .messages()) {
      SQSMessage record = new SQSMessage();
      record.setMessageId(message.messageId());
      record.setBody(message.body());
      batch.getRecords().add(record);
    }
    return batch;
  }
}
