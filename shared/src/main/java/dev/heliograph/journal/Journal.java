package dev.heliograph.journal;

import static java.util.Objects.requireNonNull;
import static software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure.ALL_OLD;

import dev.heliograph.account.CustomerId;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.table.Answers;
import dev.heliograph.table.Tables;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/**
 * The journal's table: one item per entry, and at {@code seq} 0 the checkpoint.
 *
 * <p>Each method is one attempt of one call. Whoever writes decides what silence means; every
 * method may throw {@link dev.heliograph.table.NotAcknowledgedException}.
 */
public final class Journal {
  /** WhatsApp unlinks a companion that stays away for less than this. */
  public static final Duration LIFE = Duration.ofDays(45);

  /** Partition key. */
  public static final String INSTANCE = "instance";

  /** Sort key: the place, from 1; 0 is the checkpoint's. */
  public static final String SEQ = "seq";

  /** The customer that the instance belongs to. */
  public static final String CUSTOMER = "customer";

  /** List of strings: the JSON of each public event. Absent if there is none. */
  public static final String EVENTS = "events";

  private static final String ID = "id";
  private static final String AT = "at";
  private static final String PAIRING = "pairing";
  private static final String FACTS = "facts";
  private static final String SEALED = "sealed";
  private static final String UPTO = "upto";
  private static final String STATE = "state";

  private final DynamoDbClient dynamoDb;
  private final String table;

  /** Over the deployment whose tables start with {@code prefix}. */
  public Journal(DynamoDbClient dynamoDb, String prefix) {
    this.dynamoDb = dynamoDb;
    this.table = Tables.JOURNAL.in(prefix);
  }

  /**
   * Puts an entry at its place, if nothing is there.
   *
   * @return what is there instead; empty if the entry is in
   */
  public Optional<Entry> put(Entry entry) {
    try {
      Answers.of(
          () ->
              dynamoDb.putItem(
                  put ->
                      put.tableName(table)
                          .item(toItem(entry))
                          // The place itself is the fence: no clock, no lease and no owner's name
                          // is needed to refuse a latecomer.
                          .conditionExpression("attribute_not_exists(seq)")
                          .returnValuesOnConditionCheckFailure(ALL_OLD)));
      return Optional.empty();
    } catch (ConditionalCheckFailedException refused) {
      return Optional.of(fromItem(refused.item()));
    }
  }

  /** The entries after a place, in order; reads what was written last. */
  public List<Entry> readAfter(InstanceId instance, long seq) {
    return Answers.of(
        () ->
            dynamoDb
                .queryPaginator(
                    QueryRequest.builder()
                        .tableName(table)
                        .consistentRead(true)
                        .keyConditionExpression("instance = :instance AND seq > :seq")
                        .expressionAttributeValues(
                            Map.of(":instance", string(instance.value()), ":seq", number(seq)))
                        .build())
                .items()
                .stream()
                .map(Journal::fromItem)
                .toList());
  }

  /** The entry at a place, unless it has expired. */
  public Optional<Entry> find(InstanceId instance, long seq) {
    return item(instance, seq).map(Journal::fromItem);
  }

  /** The newest checkpoint. */
  public Optional<Checkpoint> checkpoint(InstanceId instance) {
    return item(instance, 0)
        .map(
            item ->
                new Checkpoint(
                    instance,
                    Long.parseLong(requireNonNull(item.get(UPTO)).n()),
                    requireNonNull(item.get(STATE)).s()));
  }

  /** Replaces the checkpoint unless a newer one is there, which serves as well. */
  public void put(Checkpoint checkpoint) {
    try {
      Answers.of(
          () ->
              dynamoDb.putItem(
                  put ->
                      put.tableName(table)
                          .item(
                              Map.of(
                                  INSTANCE,
                                  string(checkpoint.instance().value()),
                                  SEQ,
                                  number(0),
                                  UPTO,
                                  number(checkpoint.upto()),
                                  STATE,
                                  string(checkpoint.state())))
                          .conditionExpression("attribute_not_exists(upto) OR upto < :upto")
                          .expressionAttributeValues(Map.of(":upto", number(checkpoint.upto())))));
    } catch (ConditionalCheckFailedException newer) {
      // Another owner, or an earlier try of this one, has got further.
    }
  }

  private Optional<Map<String, AttributeValue>> item(InstanceId instance, long seq) {
    Map<String, AttributeValue> item =
        Answers.of(
                () ->
                    dynamoDb.getItem(
                        get ->
                            get.tableName(table)
                                .consistentRead(true)
                                .key(Map.of(INSTANCE, string(instance.value()), SEQ, number(seq)))))
            .item();
    return item.isEmpty() ? Optional.empty() : Optional.of(item);
  }

  private static Map<String, AttributeValue> toItem(Entry entry) {
    Map<String, AttributeValue> item = new HashMap<>();
    item.put(INSTANCE, string(entry.instance().value()));
    item.put(SEQ, number(entry.seq()));
    item.put(ID, string(entry.id()));
    item.put(CUSTOMER, string(entry.customer().value()));
    item.put(AT, number(entry.at().toEpochMilli()));
    item.put(FACTS, string(entry.facts()));
    item.put(Tables.TTL, number(entry.at().plus(LIFE).getEpochSecond()));
    if (entry.pairing() != null) {
      item.put(PAIRING, string(entry.pairing()));
    }
    if (!entry.events().isEmpty()) {
      List<AttributeValue> events = entry.events().stream().map(Journal::string).toList();
      item.put(EVENTS, AttributeValue.fromL(events));
    }
    SdkBytes sealed = entry.sealed();
    if (sealed != null) {
      item.put(SEALED, AttributeValue.fromB(sealed));
    }
    return item;
  }

  private static Entry fromItem(Map<String, AttributeValue> item) {
    AttributeValue events = item.get(EVENTS);
    AttributeValue sealed = item.get(SEALED);
    return new Entry(
        new InstanceId(text(item, INSTANCE)),
        Long.parseLong(requireNonNull(item.get(SEQ)).n()),
        text(item, ID),
        new CustomerId(text(item, CUSTOMER)),
        Instant.ofEpochMilli(Long.parseLong(requireNonNull(item.get(AT)).n())),
        optionalText(item, PAIRING),
        events == null ? List.of() : events.l().stream().map(AttributeValue::s).toList(),
        text(item, FACTS),
        sealed == null ? null : sealed.b());
  }

  private static String text(Map<String, AttributeValue> item, String attribute) {
    return requireNonNull(item.get(attribute), attribute).s();
  }

  private static @Nullable String optionalText(Map<String, AttributeValue> item, String attribute) {
    AttributeValue value = item.get(attribute);
    return value == null ? null : value.s();
  }

  private static AttributeValue string(String value) {
    return AttributeValue.fromS(value);
  }

  private static AttributeValue number(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }
}
