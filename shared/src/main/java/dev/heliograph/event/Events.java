package dev.heliograph.event;

import dev.heliograph.account.CustomerId;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.table.Item;
import dev.heliograph.table.Tables;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * Events by instance and sequence, as fan-out found them in the journal. Beside them, under
 * negative numbers, lie journal entries that fan-out could make nothing of.
 */
public final class Events {
  private static final Duration KEPT = Duration.ofDays(45);

  private static final String INSTANCE = "instance";
  private static final String SEQUENCE = "sequence"; // number; of a parked entry: minus its seq
  private static final String ID = "id";
  private static final String CUSTOMER = "customer";
  private static final String TYPE = "type";
  private static final String JSON = "json"; // as delivered
  private static final String ERROR = "error"; // of a parked entry only, as is the next
  private static final String PARKED_AT = "parked_at"; // epoch ms

  private final DynamoDbClient dynamoDb;
  private final String table;
  private final InstantSource clock;

  public Events(DynamoDbClient dynamoDb, String prefix, InstantSource clock) {
    this.dynamoDb = dynamoDb;
    this.table = Tables.EVENTS.in(prefix);
    this.clock = clock;
  }

  /** Puts the event, unless there is one of that instance and sequence. */
  public void recordIfAbsent(StoredEvent event) {
    try {
      dynamoDb.putItem(
          put ->
              put.tableName(table)
                  .item(toItem(event))
                  .conditionExpression("attribute_not_exists(#sequence)")
                  .expressionAttributeNames(Map.of("#sequence", SEQUENCE)));
    } catch (ConditionalCheckFailedException recordedBefore) {
      // The journal does not change: it is the same event.
    }
  }

  /**
   * Puts a journal entry aside that is not as it should be.
   *
   * @param error what is wrong with it, without any of its content
   */
  public void park(InstanceId instance, long seq, String error) {
    Instant now = clock.instant();
    dynamoDb.putItem(
        put ->
            put.tableName(table)
                .item(
                    Item.builder()
                        .put(INSTANCE, instance.value())
                        .put(SEQUENCE, -seq)
                        .put(ERROR, error)
                        .put(PARKED_AT, now)
                        .ttl(now.plus(KEPT))
                        .build()));
  }

  /** One event. */
  public Optional<StoredEvent> find(InstanceId instance, long sequence) {
    return Optional.of(
            dynamoDb
                .getItem(
                    get ->
                        get.tableName(table)
                            .key(
                                Map.of(
                                    INSTANCE,
                                    AttributeValue.fromS(instance.value()),
                                    SEQUENCE,
                                    AttributeValue.fromN(Long.toString(sequence))))
                            .consistentRead(true))
                .item())
        .filter(item -> !item.isEmpty())
        .map(Item::new)
        .filter(this::isLive)
        .map(Events::fromItem);
  }

  /**
   * Some of the instance's events whose sequence is greater than {@code sequence}, in their order:
   * the next ones there are, at most {@code most}, of at most a megabyte. None if there are none.
   *
   * @param consistent whether all that was written before the call is seen
   */
  public List<StoredEvent> next(InstanceId instance, long sequence, int most, boolean consistent) {
    return dynamoDb
        .queryPaginator(after(instance, sequence).limit(most).consistentRead(consistent).build())
        .stream()
        .map(QueryResponse::items)
        .map(this::liveIn)
        // A page of nothing but expired ones says nothing of those behind it.
        .filter(events -> !events.isEmpty())
        .findFirst()
        .orElse(List.of());
  }

  /** The sequence of the instance's last event; 0 if there is none. */
  public long last(InstanceId instance) {
    return dynamoDb
        .query(after(instance, 0).scanIndexForward(false).limit(1).consistentRead(true).build())
        .items()
        .stream()
        .map(item -> new Item(item).number(SEQUENCE))
        .findFirst()
        .orElse(0L);
  }

  private QueryRequest.Builder after(InstanceId instance, long sequence) {
    return where(instance, ">", Math.max(0, sequence));
  }

  private QueryRequest.Builder where(InstanceId instance, String compared, long sequence) {
    return QueryRequest.builder()
        .tableName(table)
        .keyConditionExpression("#instance = :instance AND #sequence " + compared + " :sequence")
        .expressionAttributeNames(Map.of("#instance", INSTANCE, "#sequence", SEQUENCE))
        .expressionAttributeValues(
            Map.of(
                ":instance",
                AttributeValue.fromS(instance.value()),
                ":sequence",
                AttributeValue.fromN(Long.toString(sequence))));
  }

  private List<StoredEvent> liveIn(List<Map<String, AttributeValue>> items) {
    return items.stream().map(Item::new).filter(this::isLive).map(Events::fromItem).toList();
  }

  private boolean isLive(Item item) {
    return !item.isExpired(clock.instant());
  }

  /** The error of each parked entry of the instance, by the entry's {@code seq}. */
  public Map<Long, String> parked(InstanceId instance) {
    return dynamoDb.queryPaginator(where(instance, "<", 0).build()).items().stream()
        .map(Item::new)
        .collect(Collectors.toMap(item -> -item.number(SEQUENCE), item -> item.string(ERROR)));
  }

  private Map<String, AttributeValue> toItem(StoredEvent event) {
    return Item.builder()
        .put(INSTANCE, event.instance().value())
        .put(SEQUENCE, event.sequence())
        .put(ID, event.id().value())
        .put(CUSTOMER, event.customer().value())
        .put(TYPE, event.type().wire())
        .put(JSON, event.json())
        .ttl(clock.instant().plus(KEPT))
        .build();
  }

  private static StoredEvent fromItem(Item item) {
    return new StoredEvent(
        new InstanceId(item.string(INSTANCE)),
        item.number(SEQUENCE),
        new EventId(item.string(ID)),
        new CustomerId(item.string(CUSTOMER)),
        EventType.parse(item.string(TYPE))
            .orElseThrow(() -> new IllegalStateException("a stored event has no known type")),
        item.string(JSON));
  }
}
