package dev.heliograph.authstate;

import dev.heliograph.instance.InstanceId;
import dev.heliograph.table.Answers;
import dev.heliograph.table.Item;
import dev.heliograph.table.Tables;
import java.time.Duration;
import java.time.Instant;
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
 * The auth-state table: sealed records by pairing, each with the {@code seq} it stands for, and the
 * pairing's wrapped data key in a row of its own.
 *
 * <p>Each method is one attempt and may throw {@link
 * dev.heliograph.table.NotAcknowledgedException}; all of them may be repeated.
 */
public final class AuthState {
  private static final Duration TOMBSTONE_LIFE = Duration.ofDays(7);

  private static final String PARTITION = "partition";
  private static final String RECORD = "record";
  private static final String SEQ = "seq";
  private static final String SEALED = "sealed";
  private static final String WRAPPED = "wrapped";
  private static final String ENDED = "ended";

  /** No record's name starts with a hash. */
  private static final String KEY_RECORD = "#key";

  private final DynamoDbClient dynamoDb;
  private final String table;

  /** Over the deployment whose tables start with {@code prefix}. */
  public AuthState(DynamoDbClient dynamoDb, String prefix) {
    this.dynamoDb = dynamoDb;
    this.table = Tables.AUTH_STATE.in(prefix);
  }

  /** The partition of a pairing: also the place for which its key is wrapped. */
  public static String partition(InstanceId instance, PairingId pairing) {
    return instance.value() + "#" + pairing.value();
  }

  /** The record as it was written last. */
  public Optional<StoredRecord> find(String partition, String record) {
    return read(partition, record)
        .map(item -> new StoredRecord(item.number(SEQ), item.bytesOrNull(SEALED)));
  }

  /**
   * Writes a record, or its tombstone, unless the same or a newer one is there.
   *
   * @param sealed null for a tombstone: it outlives every late writer of what was removed
   */
  public void put(
      String partition, String record, long seq, @Nullable SdkBytes sealed, Instant now) {
    Item.Builder item = item(partition, record).put(SEQ, seq).put(SEALED, sealed);
    if (sealed == null) {
      item.ttl(now.plus(TOMBSTONE_LIFE));
    }
    try {
      Answers.of(
          () ->
              dynamoDb.putItem(
                  put ->
                      put.tableName(table)
                          .item(item.build())
                          .conditionExpression("attribute_not_exists(seq) OR seq < :seq")
                          .expressionAttributeValues(
                              Map.of(":seq", AttributeValue.fromN(Long.toString(seq))))));
    } catch (ConditionalCheckFailedException newer) {
      // The same or something newer is there: what was to be achieved.
    }
  }

  /** Stores the wrapped key of a pairing that begins. A pairing that ended stays ended. */
  public void begin(String partition, byte[] wrapped) {
    Map<String, AttributeValue> item = item(partition, KEY_RECORD).put(WRAPPED, wrapped).build();
    try {
      Answers.of(
          () ->
              dynamoDb.putItem(
                  put ->
                      put.tableName(table)
                          .item(item)
                          .conditionExpression("attribute_not_exists(#partition)")
                          .expressionAttributeNames(Map.of("#partition", PARTITION))));
    } catch (ConditionalCheckFailedException begun) {
      // An earlier try of this very put: nobody else draws the same pairing.
    }
  }

  /** The wrapped key; empty once the pairing has ended. */
  public Optional<byte[]> key(String partition) {
    return read(partition, KEY_RECORD)
        .filter(item -> item.has(WRAPPED))
        .map(item -> item.bytes(WRAPPED));
  }

  /** Overwrites the key with a tombstone that stays, then deletes every record. */
  public void wipe(String partition) {
    Map<String, AttributeValue> tombstone =
        item(partition, KEY_RECORD).put(ENDED, AttributeValue.fromBool(true)).build();
    Answers.of(() -> dynamoDb.putItem(put -> put.tableName(table).item(tombstone)));
    for (String record : records(partition)) {
      Answers.of(
          () -> dynamoDb.deleteItem(delete -> delete.tableName(table).key(key(partition, record))));
    }
  }

  private List<String> records(String partition) {
    return Answers.of(
        () ->
            dynamoDb
                .queryPaginator(
                    QueryRequest.builder()
                        .tableName(table)
                        .consistentRead(true)
                        .keyConditionExpression("#partition = :partition")
                        .projectionExpression("#record")
                        .expressionAttributeNames(
                            Map.of("#partition", PARTITION, "#record", RECORD))
                        .expressionAttributeValues(
                            Map.of(":partition", AttributeValue.fromS(partition)))
                        .build())
                .items()
                .stream()
                .map(item -> new Item(item).string(RECORD))
                .filter(record -> !record.equals(KEY_RECORD))
                .toList());
  }

  private Optional<Item> read(String partition, String record) {
    Map<String, AttributeValue> item =
        Answers.of(
                () ->
                    dynamoDb.getItem(
                        get ->
                            get.tableName(table).consistentRead(true).key(key(partition, record))))
            .item();
    return item.isEmpty() ? Optional.empty() : Optional.of(new Item(item));
  }

  private static Item.Builder item(String partition, String record) {
    return Item.builder().put(PARTITION, partition).put(RECORD, record);
  }

  private static Map<String, AttributeValue> key(String partition, String record) {
    return item(partition, record).build();
  }
}
