package dev.heliograph.journal;

import static software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure.ALL_OLD;

import dev.heliograph.account.CustomerId;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.table.Answers;
import dev.heliograph.table.Item;
import dev.heliograph.table.Tables;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
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

  /** When it was appended: epoch ms, by the clock of who did. */
  public static final String AT = "at";

  private static final String ID = "id";
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
      return Optional.of(fromItem(new Item(refused.item())));
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
                .map(item -> fromItem(new Item(item)))
                .toList());
  }

  /**
   * What was made public since a time: the entries with events, in order, without what is sealed.
   * By the clocks of those who appended: entries of two owners may be a moment out of order.
   */
  public Stream<PublicEntry> publishedSince(InstanceId instance, Instant since) {
    // Backwards, and only as far as need be, to where it begins; then forwards, page by page.
    OptionalLong first =
        backwards(instance)
            .takeWhile(item -> !item.time(AT).isBefore(since))
            .mapToLong(item -> item.number(SEQ))
            .min();
    return first.isEmpty() ? Stream.empty() : published(instance, first.getAsLong());
  }

  private Stream<Item> backwards(InstanceId instance) {
    return dynamoDb
        .queryPaginator(
            query ->
                query
                    .tableName(table)
                    .consistentRead(true)
                    .scanIndexForward(false)
                    .keyConditionExpression("instance = :instance AND seq > :checkpoint")
                    .expressionAttributeValues(
                        Map.of(":instance", string(instance.value()), ":checkpoint", number(0)))
                    .projectionExpression("seq, #at")
                    .expressionAttributeNames(Map.of("#at", AT)))
        .items()
        .stream()
        .map(Item::new);
  }

  private Stream<PublicEntry> published(InstanceId instance, long from) {
    return dynamoDb
        .queryPaginator(
            query ->
                query
                    .tableName(table)
                    .consistentRead(true)
                    .keyConditionExpression("instance = :instance AND seq >= :from")
                    .filterExpression("attribute_exists(events)")
                    .expressionAttributeValues(
                        Map.of(":instance", string(instance.value()), ":from", number(from)))
                    .projectionExpression("seq, customer, #at, events")
                    .expressionAttributeNames(Map.of("#at", AT)))
        .items()
        .stream()
        .map(Item::new)
        .map(
            item ->
                new PublicEntry(
                    instance,
                    new CustomerId(item.string(CUSTOMER)),
                    item.number(SEQ),
                    item.time(AT),
                    item.strings(EVENTS)));
  }

  /** The entry at a place, unless it has expired. */
  public Optional<Entry> find(InstanceId instance, long seq) {
    return item(instance, seq).map(Journal::fromItem);
  }

  /** The newest checkpoint. */
  public Optional<Checkpoint> checkpoint(InstanceId instance) {
    return item(instance, 0)
        .map(item -> new Checkpoint(instance, item.number(UPTO), item.string(STATE)));
  }

  /** Replaces the checkpoint unless a newer one is there, which serves as well. */
  public void put(Checkpoint checkpoint) {
    Map<String, AttributeValue> item =
        Item.builder()
            .put(INSTANCE, checkpoint.instance().value())
            .put(SEQ, 0)
            .put(UPTO, checkpoint.upto())
            .put(STATE, checkpoint.state())
            .build();
    try {
      Answers.of(
          () ->
              dynamoDb.putItem(
                  put ->
                      put.tableName(table)
                          .item(item)
                          .conditionExpression("attribute_not_exists(upto) OR upto < :upto")
                          .expressionAttributeValues(Map.of(":upto", number(checkpoint.upto())))));
    } catch (ConditionalCheckFailedException newer) {
      // Another owner, or an earlier try of this one, has got further.
    }
  }

  private Optional<Item> item(InstanceId instance, long seq) {
    Map<String, AttributeValue> item =
        Answers.of(
                () ->
                    dynamoDb.getItem(
                        get ->
                            get.tableName(table)
                                .consistentRead(true)
                                .key(Map.of(INSTANCE, string(instance.value()), SEQ, number(seq)))))
            .item();
    return item.isEmpty() ? Optional.empty() : Optional.of(new Item(item));
  }

  private static Map<String, AttributeValue> toItem(Entry entry) {
    Item.Builder item =
        Item.builder()
            .put(INSTANCE, entry.instance().value())
            .put(SEQ, entry.seq())
            .put(ID, entry.id())
            .put(CUSTOMER, entry.customer().value())
            .put(AT, entry.at())
            .put(PAIRING, entry.pairing())
            .put(FACTS, entry.facts())
            .put(SEALED, entry.sealed())
            .ttl(entry.at().plus(LIFE));
    if (!entry.events().isEmpty()) {
      item.put(EVENTS, entry.events());
    }
    return item.build();
  }

  private static Entry fromItem(Item item) {
    return new Entry(
        new InstanceId(item.string(INSTANCE)),
        item.number(SEQ),
        item.string(ID),
        new CustomerId(item.string(CUSTOMER)),
        item.time(AT),
        item.stringOrNull(PAIRING),
        item.has(EVENTS) ? item.strings(EVENTS) : List.of(),
        item.string(FACTS),
        item.bytesOrNull(SEALED));
  }

  private static AttributeValue string(String value) {
    return AttributeValue.fromS(value);
  }

  private static AttributeValue number(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }
}
