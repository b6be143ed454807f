package dev.heliograph.message;

import dev.heliograph.account.CustomerId;
import dev.heliograph.authstate.PairingId;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.PhoneNumber;
import dev.heliograph.json.Json;
import dev.heliograph.table.Answers;
import dev.heliograph.table.Item;
import dev.heliograph.table.Tables;
import dev.heliograph.table.Update;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/**
 * Messages in both directions. The API puts an outbound row once; from then on only projections of
 * the journal move it. An inbound row says that the message is in the journal, and nothing more.
 *
 * <p>But for {@link #accept}, each method is one attempt of one call, which may throw {@link
 * dev.heliograph.table.NotAcknowledgedException}.
 */
public final class Messages {
  /** As long as journal entries: WhatsApp repeats nothing that is older. */
  private static final Duration KEPT = Duration.ofDays(45);

  private static final String INSTANCE = "instance";
  private static final String ID = "id";
  private static final String CUSTOMER = "customer"; // outbound rows only, as is what follows
  private static final String SHARD = "shard"; // number
  private static final String PAIRING = "pairing";
  private static final String WHATSAPP_ID = "whatsapp_id";
  private static final String TO = "to"; // digits
  private static final String BODY = "body"; // JSON text
  private static final String CLIENT_REF = "client_ref";
  private static final String ACCEPTED_AT = "accepted_at"; // epoch ms
  private static final String DEADLINE = "deadline"; // epoch ms
  private static final String STATUS = "status";
  private static final String ERROR = "error";
  private static final String SENT_AT = "sent_at"; // epoch ms
  private static final String DELIVERED_AT = "delivered_at"; // epoch ms
  private static final String READ_AT = "read_at"; // epoch ms
  private static final String EVENT = "event"; // inbound rows only, as is the next
  private static final String RECEIVED_AT = "received_at"; // epoch ms
  private static final String SEQ = "seq"; // number, of the session's last projection

  private static final String QUEUED = "queued"; // the sparse index of what waits to be sent
  private static final String QUEUED_SHARD = "queued_shard"; // number
  private static final String QUEUED_AT = "queued_at"; // see queuedAt()

  private final DynamoDbClient dynamoDb;
  private final String table;
  private final InstantSource clock;

  public Messages(DynamoDbClient dynamoDb, String prefix, InstantSource clock) {
    this.dynamoDb = dynamoDb;
    this.table = Tables.MESSAGES.in(prefix);
    this.clock = clock;
  }

  /**
   * Queues a message, unless one of the same id is there.
   *
   * @return the one that is there now: whether it says the same is for the caller to see
   */
  public Message accept(Message message) {
    try {
      dynamoDb.putItem(
          put ->
              put.tableName(table)
                  .item(toItem(message))
                  // A row that has expired but is not yet deleted is in nobody's way.
                  .conditionExpression("attribute_not_exists(id) OR #ttl <= :now")
                  .expressionAttributeNames(Map.of("#ttl", Tables.TTL))
                  .expressionAttributeValues(
                      Map.of(
                          ":now",
                          AttributeValue.fromN(Long.toString(clock.instant().getEpochSecond()))))
                  .returnValuesOnConditionCheckFailure(
                      ReturnValuesOnConditionCheckFailure.ALL_OLD));
      return message;
    } catch (ConditionalCheckFailedException repeated) {
      return fromItem(new Item(repeated.item()));
    }
  }

  /** A message that we were asked to send, as it is now. */
  public Optional<Message> find(InstanceId instance, MessageId id) {
    return item(instance, id).filter(item -> item.has(WHATSAPP_ID)).map(Messages::fromItem);
  }

  /** Whether there is a row of that id, in either direction. */
  public boolean has(InstanceId instance, MessageId id) {
    return item(instance, id).isPresent();
  }

  /** What waits to be sent on a shard, in the order in which it was accepted. */
  public List<QueuedMessage> queued(int shard) {
    return queued(shard, Instant.EPOCH);
  }

  /** The part of {@link #queued(int)} that was accepted at or after {@code since}. */
  public List<QueuedMessage> queued(int shard, Instant since) {
    return Answers.of(
        () ->
            dynamoDb
                .queryPaginator(
                    query ->
                        query
                            .tableName(table)
                            .indexName(QUEUED)
                            .keyConditionExpression("queued_shard = :shard AND queued_at >= :since")
                            .expressionAttributeValues(
                                Map.of(
                                    ":shard",
                                    AttributeValue.fromN(Integer.toString(shard)),
                                    ":since",
                                    AttributeValue.fromS(sortedAt(since)))))
                .items()
                .stream()
                .map(item -> toQueued(new Item(item)))
                .toList());
  }

  /**
   * Writes what the journal says of an outbound message at {@code seq}; it waits to be sent no
   * longer. Refused where the same or something newer is already there, or nothing at all: that is
   * as good.
   */
  public void project(InstanceId instance, MessageId id, long seq, MessageProjection projection) {
    Update update =
        new Update()
            .set(STATUS, projection.status().wire())
            .set(ERROR, projection.error())
            .setIfKnown(SENT_AT, projection.sentAt())
            .setIfKnown(DELIVERED_AT, projection.deliveredAt())
            .setIfKnown(READ_AT, projection.readAt())
            .set(SEQ, seq)
            .remove(QUEUED_SHARD)
            .remove(QUEUED_AT)
            .onlyIf("attribute_exists(#id) AND (attribute_not_exists(#seq) OR #seq < :seq)", ID);
    try {
      Answers.of(() -> dynamoDb.updateItem(update.of(table, key(instance, id)).build()));
    } catch (ConditionalCheckFailedException theSameOrNewerIsThere) {
      // Success: what had to be written is history.
    }
  }

  /** Notes that a message was received. Refused where it is noted already: that is as good. */
  public void record(InboundRow row) {
    try {
      Answers.of(
          () ->
              dynamoDb.putItem(
                  put ->
                      put.tableName(table)
                          .item(toItem(row))
                          .conditionExpression("attribute_not_exists(seq) OR seq < :seq")
                          .expressionAttributeValues(
                              Map.of(":seq", AttributeValue.fromN(Long.toString(row.seq()))))));
    } catch (ConditionalCheckFailedException theSameOrNewerIsThere) {
      // Success: it is known.
    }
  }

  private Optional<Item> item(InstanceId instance, MessageId id) {
    return Optional.of(
            Answers.of(
                    () ->
                        dynamoDb.getItem(
                            get ->
                                get.tableName(table).key(key(instance, id)).consistentRead(true)))
                .item())
        .filter(item -> !item.isEmpty())
        .map(Item::new)
        .filter(item -> !item.isExpired(clock.instant()));
  }

  private static Map<String, AttributeValue> key(InstanceId instance, MessageId id) {
    return Map.of(
        INSTANCE, AttributeValue.fromS(instance.value()), ID, AttributeValue.fromS(id.value()));
  }

  private static Map<String, AttributeValue> toItem(Message message) {
    return Item.builder()
        .put(INSTANCE, message.instance().value())
        .put(ID, message.id().value())
        .put(CUSTOMER, message.customer().value())
        .put(SHARD, message.shard())
        .put(PAIRING, message.pairing().value())
        .put(WHATSAPP_ID, message.whatsappId())
        .put(TO, message.to().digits())
        .put(BODY, Json.write(message.body().toJson()))
        .put(CLIENT_REF, message.clientRef())
        .put(ACCEPTED_AT, message.acceptedAt())
        .put(DEADLINE, message.deadline())
        .put(STATUS, message.status().wire())
        .put(QUEUED_SHARD, message.shard())
        .put(QUEUED_AT, queuedAt(message))
        .ttl(message.acceptedAt().plus(KEPT))
        .build();
  }

  private static Message fromItem(Item item) {
    return new Message(
        new InstanceId(item.string(INSTANCE)),
        new MessageId(item.string(ID)),
        new CustomerId(item.string(CUSTOMER)),
        (int) item.number(SHARD),
        new PairingId(item.string(PAIRING)),
        item.string(WHATSAPP_ID),
        new PhoneNumber(item.string(TO)),
        MessageBody.fromJson(Json.read(item.string(BODY))),
        item.stringOrNull(CLIENT_REF),
        item.time(ACCEPTED_AT),
        item.time(DEADLINE),
        MessageStatus.fromWire(item.string(STATUS)),
        item.stringOrNull(ERROR),
        item.timeOrNull(SENT_AT),
        item.timeOrNull(DELIVERED_AT),
        item.timeOrNull(READ_AT),
        item.number(SEQ, 0));
  }

  private static Map<String, AttributeValue> toItem(InboundRow row) {
    return Item.builder()
        .put(INSTANCE, row.instance().value())
        .put(ID, row.id().value())
        .put(EVENT, row.event() == null ? null : row.event().value())
        .put(RECEIVED_AT, row.receivedAt())
        .put(SEQ, row.seq())
        .ttl(row.receivedAt().plus(KEPT))
        .build();
  }

  /**
   * Sorts as text by time, then by id: 13 digits of epoch milliseconds last until the year 2286.
   */
  private static String queuedAt(Message message) {
    return sortedAt(message.acceptedAt()) + "#" + message.id().value();
  }

  private static String sortedAt(Instant time) {
    return String.format(Locale.ROOT, "%013d", time.toEpochMilli());
  }

  private static QueuedMessage toQueued(Item item) {
    String queuedAt = item.string(QUEUED_AT);
    long acceptedAt = Long.parseLong(queuedAt.substring(0, queuedAt.indexOf('#')));
    return new QueuedMessage(
        new InstanceId(item.string(INSTANCE)),
        new MessageId(item.string(ID)),
        Instant.ofEpochMilli(acceptedAt),
        item.time(DEADLINE));
  }
}
