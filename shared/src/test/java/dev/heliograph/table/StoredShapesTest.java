package dev.heliograph.table;

import dev.heliograph.account.Accounts;
import dev.heliograph.account.Customer;
import dev.heliograph.account.CustomerId;
import dev.heliograph.authstate.PairingId;
import dev.heliograph.event.EventId;
import dev.heliograph.event.EventType;
import dev.heliograph.event.Events;
import dev.heliograph.event.StoredEvent;
import dev.heliograph.instance.Desired;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.instance.Instances;
import dev.heliograph.instance.Metadata;
import dev.heliograph.instance.PhoneNumber;
import dev.heliograph.instance.QrCode;
import dev.heliograph.instance.StatusProjection;
import dev.heliograph.instance.StatusReason;
import dev.heliograph.message.InboundRow;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageBody;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageProjection;
import dev.heliograph.message.MessageStatus;
import dev.heliograph.message.Messages;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class StoredShapesTest {
  private static final String ULID = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
  private static final InstanceId INSTANCE = new InstanceId("inst_" + ULID);
  private static final CustomerId CUSTOMER = new CustomerId("cust_" + ULID);
  private static final PairingId PAIRING = new PairingId(ULID);
  // In a year when nothing of it expires while the test runs.
  private static final Instant NOW = Instant.parse("2100-05-01T12:34:56.789Z");
  private static final InstantSource CLOCK = InstantSource.fixed(NOW);

  @RegisterExtension
  final LocalDynamoDb dynamoDb =
      LocalDynamoDb.with(Tables.ACCOUNTS, Tables.INSTANCES, Tables.MESSAGES, Tables.EVENTS);

  @Test
  void instances() {
    Instances instances = new Instances(dynamoDb.client(), dynamoDb.prefix(), CLOCK);
    Metadata metadata = new Metadata("{\"team\":\"emea\"}");
    instances.create(Instance.created(INSTANCE, CUSTOMER, "Support", metadata, 5, NOW));
    Map<String, AttributeValue> key = Map.of("id", AttributeValue.fromS(INSTANCE.value()));
    check("instance-created", Tables.INSTANCES, key);

    instances.wish(CUSTOMER, INSTANCE, Desired.RUNNING);
    QrCode qr = new QrCode("2@abc,def", NOW.plusSeconds(20), 1);
    instances.project(
        INSTANCE,
        3,
        new StatusProjection(
            InstanceStatus.QR, null, null, null, PAIRING, 0, qr, null, NOW.plusSeconds(1)));
    check("instance-qr", Tables.INSTANCES, key);

    instances.project(
        INSTANCE,
        9,
        new StatusProjection(
            InstanceStatus.DISCONNECTED,
            StatusReason.CONNECTION_LOST,
            new PhoneNumber("6281100000000"),
            "12345678901234@lid",
            PAIRING,
            1,
            null,
            NOW.plusSeconds(8),
            NOW.plusSeconds(9)));
    check("instance-disconnected", Tables.INSTANCES, key);

    instances.wish(CUSTOMER, INSTANCE, Desired.DELETED);
    instances.retire(INSTANCE, 11);
    check("instance-retired", Tables.INSTANCES, key);
  }

  @Test
  void messages() {
    Messages messages = new Messages(dynamoDb.client(), dynamoDb.prefix(), CLOCK);
    Message message =
        Message.queued(
            INSTANCE,
            CUSTOMER,
            5,
            PAIRING,
            "3EB0000102030405060708",
            new PhoneNumber("14155550123"),
            new MessageBody.Text("Grüße"),
            "order-17",
            NOW,
            NOW.plus(Duration.ofMinutes(10)));
    messages.accept(message);
    check("message-queued", Tables.MESSAGES, key(message.id()));

    messages.project(
        INSTANCE,
        message.id(),
        7,
        new MessageProjection(
            MessageStatus.READ, null, NOW.plusSeconds(1), NOW.plusSeconds(2), NOW.plusSeconds(3)));
    check("message-read", Tables.MESSAGES, key(message.id()));

    messages.project(
        INSTANCE,
        message.id(),
        8,
        new MessageProjection(MessageStatus.FAILED, "outcome_unknown", null, null, null));
    check("message-failed", Tables.MESSAGES, key(message.id()));

    MessageId inbound = new MessageId("msg_" + ULID);
    messages.record(new InboundRow(INSTANCE, inbound, 6, new EventId("evt_" + ULID), NOW));
    check("message-inbound", Tables.MESSAGES, key(inbound));
  }

  @Test
  void events() {
    Events events = new Events(dynamoDb.client(), dynamoDb.prefix(), CLOCK);
    events.recordIfAbsent(
        new StoredEvent(
            INSTANCE,
            7,
            new EventId("evt_" + ULID),
            CUSTOMER,
            EventType.MESSAGE_RECEIVED,
            "{\"id\":\"evt_1\"}"));
    events.park(INSTANCE, 9, "not JSON");

    check("event", Tables.EVENTS, key("sequence", "7"));
    check("event-parked", Tables.EVENTS, key("sequence", "-9"));
  }

  @Test
  void accounts() {
    Accounts accounts = new Accounts(dynamoDb.client(), dynamoDb.prefix(), () -> ULID, CLOCK);
    Customer customer = accounts.create("Acme");
    accounts.createKey(customer.id());

    check(
        "customer",
        Tables.ACCOUNTS,
        Map.of(
            "pk", AttributeValue.fromS("customers"), "sk", AttributeValue.fromS(CUSTOMER.value())));
    Map<String, AttributeValue> key =
        dynamoDb
            .client()
            .scan(scan -> scan.tableName(dynamoDb.name(Tables.ACCOUNTS)))
            .items()
            .stream()
            .filter(item -> item.containsValue(AttributeValue.fromS("key")))
            .findFirst()
            .orElseThrow();
    GoldenItems.check(
        StoredShapesTest.class,
        "api-key",
        dynamoDb,
        Tables.ACCOUNTS,
        Map.of(
            "pk",
            AttributeValue.fromS(new Item(key).string("pk")),
            "sk",
            AttributeValue.fromS("key")),
        "pk");
  }

  private void check(String file, TableDefinition table, Map<String, AttributeValue> key) {
    GoldenItems.check(StoredShapesTest.class, file, dynamoDb, table, key);
  }

  private static Map<String, AttributeValue> key(MessageId id) {
    return Map.of(
        "instance", AttributeValue.fromS(INSTANCE.value()), "id", AttributeValue.fromS(id.value()));
  }

  private static Map<String, AttributeValue> key(String name, String number) {
    return Map.of(
        "instance", AttributeValue.fromS(INSTANCE.value()), name, AttributeValue.fromN(number));
  }
}
