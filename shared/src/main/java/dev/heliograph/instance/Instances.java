package dev.heliograph.instance;

import dev.heliograph.account.CustomerId;
import dev.heliograph.authstate.PairingId;
import dev.heliograph.table.Answers;
import dev.heliograph.table.Item;
import dev.heliograph.table.Tables;
import dev.heliograph.table.Update;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/**
 * The rows of instances. The API writes the wish and the session its projection: each an update of
 * attributes of its own, so that neither waits for the other or undoes it.
 *
 * <p>Where the session calls ({@link #onShard}, {@link #load}, {@link #project}, {@link #retire})
 * it is one attempt of one call, which may throw {@link
 * dev.heliograph.table.NotAcknowledgedException}.
 */
public final class Instances {
  /** As long as journal entries: a late projection must find a row to be refused by. */
  private static final Duration KEPT_AFTER_DELETION = Duration.ofDays(45);

  private static final int BATCH_GET_LIMIT = 100;

  private static final String ID = "id";
  private static final String CUSTOMER = "customer";
  private static final String NAME = "name";
  private static final String METADATA = "metadata"; // JSON text
  private static final String SHARD = "shard"; // number; absent once retired
  private static final String DESIRED = "desired";
  private static final String WISH = "wish"; // number
  private static final String USED_WISH = "used_wish"; // number
  private static final String STATUS = "status";
  private static final String STATUS_REASON = "status_reason";
  private static final String STATUS_AT = "status_at"; // epoch ms
  private static final String PHONE_NUMBER = "phone_number"; // digits
  private static final String LID = "lid";
  private static final String PAIRING = "pairing";
  private static final String QR = "qr"; // map of the next three
  private static final String QR_RAW = "raw";
  private static final String QR_EXPIRES_AT = "expires_at"; // epoch ms
  private static final String QR_ATTEMPT = "attempt"; // number
  private static final String LAST_SEEN_AT = "last_seen_at"; // epoch ms
  private static final String CREATED_AT = "created_at"; // epoch ms
  private static final String UPDATED_AT = "updated_at"; // epoch ms, of the API's last write
  private static final String DELETED_AT = "deleted_at"; // epoch ms
  private static final String SEQ = "seq"; // number, of the session's last projection

  private static final String BY_CUSTOMER = "by-customer";
  private static final String BY_SHARD = "by-shard";

  private final DynamoDbClient dynamoDb;
  private final String table;
  private final InstantSource clock;

  public Instances(DynamoDbClient dynamoDb, String prefix, InstantSource clock) {
    this.dynamoDb = dynamoDb;
    this.table = Tables.INSTANCES.in(prefix);
    this.clock = clock;
  }

  /**
   * Puts a new instance, unless one of the same id is there.
   *
   * @return the one that is there now, be it deleted: whether it is the same is for the caller to
   *     see
   */
  public Instance create(Instance instance) {
    try {
      dynamoDb.putItem(
          put ->
              put.tableName(table)
                  .item(toItem(instance))
                  .conditionExpression("attribute_not_exists(id)")
                  .returnValuesOnConditionCheckFailure(
                      ReturnValuesOnConditionCheckFailure.ALL_OLD));
      return instance;
    } catch (ConditionalCheckFailedException repeated) {
      return fromItem(new Item(repeated.item()));
    }
  }

  /** The customer's instance, as it is now; another customer's and a deleted one are not there. */
  public Optional<Instance> find(CustomerId customer, InstanceId id) {
    return dynamoDb
        .query(
            query ->
                query
                    .tableName(table)
                    .consistentRead(true)
                    .keyConditionExpression("id = :id")
                    .filterExpression("customer = :customer AND attribute_not_exists(deleted_at)")
                    .expressionAttributeValues(
                        Map.of(
                            ":id",
                            AttributeValue.fromS(id.value()),
                            ":customer",
                            AttributeValue.fromS(customer.value()))))
        .items()
        .stream()
        .findFirst()
        .flatMap(this::live);
  }

  /** All of the customer's instances that are not deleted, newest first. The newest may lag. */
  public List<Instance> list(CustomerId customer) {
    List<Map<String, AttributeValue>> keys =
        dynamoDb
            .queryPaginator(
                query ->
                    query
                        .tableName(table)
                        .indexName(BY_CUSTOMER)
                        .keyConditionExpression("customer = :customer")
                        .expressionAttributeValues(
                            Map.of(":customer", AttributeValue.fromS(customer.value())))
                        .projectionExpression(ID))
            .items()
            .stream()
            .toList();
    return getAll(keys).stream()
        .flatMap(item -> live(item).stream())
        .filter(instance -> !instance.isDeleted())
        .sorted(
            Comparator.comparing(Instance::createdAt)
                .thenComparing(instance -> instance.id().value())
                .reversed())
        .toList();
  }

  /**
   * Sets what the customer wants, under a new number, and for {@link Desired#DELETED} hides the
   * instance from then on.
   *
   * @return the row as it is now, or nothing if the customer has no such instance
   */
  public Optional<Instance> wish(CustomerId customer, InstanceId id, Desired desired) {
    Instant now = clock.instant();
    Update update =
        new Update()
            .set(DESIRED, desired.wire())
            .increment(WISH)
            .set(UPDATED_AT, now)
            .onlyIf(
                "#customer = :customer AND attribute_not_exists(#deleted_at)", CUSTOMER, DELETED_AT)
            .with(CUSTOMER, customer.value());
    if (desired == Desired.DELETED) {
      update.set(DELETED_AT, now);
    }
    try {
      return Optional.of(
          fromItem(
              new Item(
                  dynamoDb
                      .updateItem(
                          update
                              .of(table, key(id))
                              .returnValues(ReturnValue.ALL_NEW)
                              .returnValuesOnConditionCheckFailure(
                                  ReturnValuesOnConditionCheckFailure.ALL_OLD)
                              .build())
                      .attributes())));
    } catch (ConditionalCheckFailedException noSuchInstance) {
      return Optional.of(noSuchInstance.item())
          .filter(item -> !item.isEmpty())
          .map(item -> fromItem(new Item(item)))
          .filter(there -> desired == Desired.DELETED && isDeletedBy(customer, now, there));
    }
  }

  /** Whether it was this call that deleted it, and the SDK has tried again for a lost answer. */
  private static boolean isDeletedBy(CustomerId customer, Instant now, Instance instance) {
    return instance.customer().equals(customer)
        && now.truncatedTo(ChronoUnit.MILLIS).equals(instance.deletedAt());
  }

  /**
   * The ids of some instances, of every customer and the deleted ones too, in no order that means
   * anything; all of them in pages of which each begins after the last id of the one before.
   *
   * @param after null for the first page
   * @return empty after the last page
   */
  public List<InstanceId> ids(@Nullable InstanceId after) {
    return dynamoDb
        .scanPaginator(
            scan ->
                scan.tableName(table)
                    .projectionExpression(ID)
                    .exclusiveStartKey(after == null ? null : key(after)))
        .stream()
        .filter(page -> page.count() > 0)
        .findFirst()
        .map(
            page ->
                page.items().stream()
                    .map(item -> new InstanceId(new Item(item).string(ID)))
                    .toList())
        .orElse(List.of());
  }

  /** What the index says of all instances of a shard, the deleted ones that still run included. */
  public List<InstanceWish> onShard(int shard) {
    return Answers.of(
        () ->
            dynamoDb
                .queryPaginator(
                    query ->
                        query
                            .tableName(table)
                            .indexName(BY_SHARD)
                            .keyConditionExpression("#shard = :shard")
                            .expressionAttributeNames(Map.of("#shard", SHARD))
                            .expressionAttributeValues(
                                Map.of(":shard", AttributeValue.fromN(Integer.toString(shard)))))
                .items()
                .stream()
                .map(item -> toWish(new Item(item)))
                .toList());
  }

  /** Anybody's instance as it is now, for its session; a deleted one too. */
  public Optional<Instance> load(InstanceId id) {
    return Optional.of(
            Answers.of(
                    () ->
                        dynamoDb.getItem(
                            get -> get.tableName(table).key(key(id)).consistentRead(true)))
                .item())
        .filter(item -> !item.isEmpty())
        .flatMap(this::live);
  }

  /**
   * Writes what the journal says at {@code seq}. Refused where the same or something newer is
   * already there, or nothing at all: that is as good.
   */
  public void project(InstanceId id, long seq, StatusProjection projection) {
    Update update =
        new Update()
            .set(STATUS, projection.status().wire())
            .set(STATUS_REASON, wire(projection.reason()))
            .set(STATUS_AT, projection.at())
            .set(PHONE_NUMBER, digits(projection.phoneNumber()))
            .set(LID, projection.lid())
            .set(PAIRING, value(projection.pairing()))
            .set(USED_WISH, projection.usedWish())
            .set(LAST_SEEN_AT, projection.lastSeenAt());
    QrCode qr = projection.qr();
    if (qr == null) {
      update.remove(QR);
    } else {
      update.set(QR, AttributeValue.fromM(toItem(qr)));
    }
    write(id, seq, update, "<");
  }

  /** Takes a deleted instance, whose session has ended for good, off its shard. */
  public void retire(InstanceId id, long seq) {
    Instant end = clock.instant().plus(KEPT_AFTER_DELETION);
    Update update = new Update().remove(SHARD).remove(QR).set(Tables.TTL, end.getEpochSecond());
    // The entry that deletes has a status as well, which may be there already.
    write(id, seq, update, "<=");
  }

  private void write(InstanceId id, long seq, Update update, String isOlder) {
    update
        .set(SEQ, seq)
        .onlyIf(
            "attribute_exists(#id) AND (attribute_not_exists(#seq) OR #seq %s :seq)"
                .formatted(isOlder),
            ID);
    try {
      Answers.of(() -> dynamoDb.updateItem(update.of(table, key(id)).build()));
    } catch (ConditionalCheckFailedException theSameOrNewerIsThere) {
      // Success: what had to be written is history.
    }
  }

  private List<Map<String, AttributeValue>> getAll(List<Map<String, AttributeValue>> keys) {
    List<Map<String, AttributeValue>> items = new ArrayList<>();
    for (int from = 0; from < keys.size(); from += BATCH_GET_LIMIT) {
      int to = Math.min(keys.size(), from + BATCH_GET_LIMIT);
      items.addAll(getBatch(keys.subList(from, to)));
    }
    return items;
  }

  private List<Map<String, AttributeValue>> getBatch(List<Map<String, AttributeValue>> keys) {
    Map<String, KeysAndAttributes> request =
        Map.of(table, KeysAndAttributes.builder().keys(keys).consistentRead(true).build());
    // The paginator asks again for what DynamoDB had no room or capacity for.
    return dynamoDb.batchGetItemPaginator(get -> get.requestItems(request)).stream()
        .flatMap(page -> page.responses().getOrDefault(table, List.of()).stream())
        .toList();
  }

  private Optional<Instance> live(Map<String, AttributeValue> attributes) {
    Item item = new Item(attributes);
    return item.isExpired(clock.instant()) ? Optional.empty() : Optional.of(fromItem(item));
  }

  private static Map<String, AttributeValue> key(InstanceId id) {
    return Map.of(ID, AttributeValue.fromS(id.value()));
  }

  private static Map<String, AttributeValue> toItem(Instance instance) {
    Item.Builder item =
        Item.builder()
            .put(ID, instance.id().value())
            .put(CUSTOMER, instance.customer().value())
            .put(NAME, instance.name())
            .put(METADATA, instance.metadata().json())
            .put(SHARD, instance.shard())
            .put(DESIRED, instance.desired().wire())
            .put(WISH, instance.wish())
            .put(USED_WISH, instance.usedWish())
            .put(STATUS, instance.status().wire())
            .put(STATUS_REASON, wire(instance.statusReason()))
            .put(PHONE_NUMBER, digits(instance.phoneNumber()))
            .put(LID, instance.lid())
            .put(PAIRING, value(instance.pairing()))
            .put(LAST_SEEN_AT, instance.lastSeenAt())
            .put(STATUS_AT, instance.statusAt())
            .put(CREATED_AT, instance.createdAt())
            .put(UPDATED_AT, instance.updatedAt())
            .put(DELETED_AT, instance.deletedAt());
    QrCode qr = instance.qr();
    if (qr != null) {
      item.put(QR, AttributeValue.fromM(toItem(qr)));
    }
    if (instance.seq() > 0) {
      item.put(SEQ, instance.seq());
    }
    return item.build();
  }

  private static Instance fromItem(Item item) {
    Instant updatedAt = item.time(UPDATED_AT);
    Instant statusAt = item.timeOrNull(STATUS_AT);
    String reason = item.stringOrNull(STATUS_REASON);
    String phoneNumber = item.stringOrNull(PHONE_NUMBER);
    String pairing = item.stringOrNull(PAIRING);
    return new Instance(
        new InstanceId(item.string(ID)),
        new CustomerId(item.string(CUSTOMER)),
        item.string(NAME),
        new Metadata(item.string(METADATA)),
        (int) item.number(SHARD, Instance.RETIRED),
        Desired.fromWire(item.string(DESIRED)),
        item.number(WISH),
        item.number(USED_WISH),
        InstanceStatus.fromWire(item.string(STATUS)),
        reason == null ? null : StatusReason.fromWire(reason),
        phoneNumber == null ? null : new PhoneNumber(phoneNumber),
        item.stringOrNull(LID),
        pairing == null ? null : new PairingId(pairing),
        item.has(QR) ? qrFromItem(item.map(QR)) : null,
        item.timeOrNull(LAST_SEEN_AT),
        statusAt,
        item.time(CREATED_AT),
        statusAt != null && statusAt.isAfter(updatedAt) ? statusAt : updatedAt,
        item.timeOrNull(DELETED_AT),
        item.number(SEQ, 0));
  }

  private static Map<String, AttributeValue> toItem(QrCode qr) {
    return Item.builder()
        .put(QR_RAW, qr.raw())
        .put(QR_EXPIRES_AT, qr.expiresAt())
        .put(QR_ATTEMPT, qr.attempt())
        .build();
  }

  private static QrCode qrFromItem(Item item) {
    return new QrCode(item.string(QR_RAW), item.time(QR_EXPIRES_AT), (int) item.number(QR_ATTEMPT));
  }

  private static InstanceWish toWish(Item item) {
    return new InstanceWish(
        new InstanceId(item.string(ID)),
        Desired.fromWire(item.string(DESIRED)),
        item.number(WISH),
        item.number(USED_WISH),
        InstanceStatus.fromWire(item.string(STATUS)));
  }

  private static @Nullable String wire(@Nullable StatusReason reason) {
    return reason == null ? null : reason.wire();
  }

  private static @Nullable String digits(@Nullable PhoneNumber phoneNumber) {
    return phoneNumber == null ? null : phoneNumber.digits();
  }

  private static @Nullable String value(@Nullable PairingId pairing) {
    return pairing == null ? null : pairing.value();
  }
}
