package dev.heliograph.webhook;

import dev.heliograph.account.CustomerId;
import dev.heliograph.event.EventId;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.table.Item;
import dev.heliograph.table.Tables;
import dev.heliograph.table.Update;
import dev.heliograph.webhook.ClaimOutcome.Begun;
import dev.heliograph.webhook.ClaimOutcome.NotDue;
import dev.heliograph.webhook.ClaimOutcome.UnderWay;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/**
 * Deliveries. The row says what is to be done and when; a queue message only says where to look. A
 * pending row is in the index {@code due} under the time at which the janitor sends another such
 * message, so that a lost one costs minutes and not the delivery.
 */
public final class Deliveries {
  /** Longer than webhook-delivery can run: whoever claimed a delivery is gone after that. */
  static final Duration CLAIM = Duration.ofMinutes(1);

  /** As long as webhook-delivery can run; shorter than a claim. */
  static final Duration LONGEST_CALL = Duration.ofSeconds(30);

  /** How long a queue message that was sent may take before the janitor sends another one. */
  static final Duration RING_GRACE = Duration.ofMinutes(5);

  private static final Duration KEPT = Duration.ofDays(45);

  /** A message that the queue delays may come this much early, by another machine's clock. */
  private static final Duration CLOCK_SLACK = Duration.ofSeconds(2);

  /** Each write of a pending row is one of the index too, and a partition takes 1000 a second. */
  private static final int DUE_BUCKETS = 8;

  private static final String ID = "id";
  private static final String CUSTOMER = "customer";
  private static final String ENDPOINT = "endpoint";
  private static final String INSTANCE = "instance";
  private static final String SEQUENCE = "sequence"; // number, of the event
  private static final String EVENT = "event";
  private static final String STATUS = "status";
  private static final String ATTEMPTS = "attempts"; // number
  private static final String CREATED_AT = "created_at"; // epoch ms
  private static final String NEXT_ATTEMPT_AT = "next_attempt_at"; // epoch ms
  private static final String SETTLED_AT = "settled_at"; // epoch ms
  private static final String LAST_ERROR = "last_error";
  private static final String CLAIM_ID =
      "claim"; // drawn by whoever is at an attempt; only meanwhile
  private static final String DUE_BUCKET = "due_bucket"; // number; only while pending
  private static final String RING_AT = "ring_at"; // epoch ms; only while pending

  private static final String DUE = "due";

  private final DynamoDbClient dynamoDb;
  private final String table;
  private final InstantSource clock;

  /** Over the deployment whose tables start with {@code prefix}. */
  public Deliveries(DynamoDbClient dynamoDb, String prefix, InstantSource clock) {
    this.dynamoDb = dynamoDb;
    this.table = Tables.WEBHOOK_DELIVERIES.in(prefix);
    this.clock = clock;
  }

  /**
   * Puts a delivery that is about to be rung for, unless it is there. Its first attempt has begun
   * with it, so that it needs no write of its own: it is his who gets the ring that this returns. A
   * ring that says nothing of it meets an attempt under way.
   */
  public DeliveryRing createIfAbsent(Delivery delivery) {
    String claim = UUID.randomUUID().toString();
    try {
      dynamoDb.putItem(
          put ->
              put.tableName(table)
                  .item(toItem(delivery, claim))
                  .conditionExpression("attribute_not_exists(id)")
                  .returnValuesOnConditionCheckFailure(
                      ReturnValuesOnConditionCheckFailure.ALL_OLD));
      return new DeliveryRing(delivery.id(), claim);
    } catch (ConditionalCheckFailedException createdBefore) {
      // Fan-out runs again, and this one may be delivered by now; or the SDK has lost an answer.
      boolean isOurs = claim.equals(new Item(createdBefore.item()).stringOrNull(CLAIM_ID));
      return new DeliveryRing(delivery.id(), isOurs ? claim : null);
    }
  }

  /** A delivery as it is. */
  public Optional<Delivery> find(DeliveryId id) {
    return row(id).map(Deliveries::fromItem);
  }

  private Optional<Item> row(DeliveryId id) {
    return Optional.of(
            dynamoDb.getItem(get -> get.tableName(table).key(key(id)).consistentRead(true)).item())
        .filter(item -> !item.isEmpty())
        .map(Item::new)
        .filter(item -> !item.isExpired(clock.instant()));
  }

  /**
   * The attempt that a ring is for, if it is under way and what is left of its claim is longer than
   * the ring's bearer can run: until then it is nobody else's.
   */
  Optional<Attempt> underWayFor(DeliveryRing ring) {
    String claim = ring.claim();
    if (claim == null) {
      return Optional.empty();
    }
    Instant latest = clock.instant().plus(LONGEST_CALL);
    return row(ring.delivery())
        .filter(row -> claim.equals(row.stringOrNull(CLAIM_ID)))
        .filter(row -> row.time(NEXT_ATTEMPT_AT).isAfter(latest))
        .map(row -> begun(row.attributes()).attempt());
  }

  /**
   * Begins an attempt, which nobody else then does for as long as a function can run. It counts
   * only once it has ended: what fails on our side meanwhile is not the endpoint's fault.
   */
  ClaimOutcome claim(DeliveryRing ring) {
    Instant now = clock.instant();
    String claim = UUID.randomUUID().toString();
    Update update =
        new Update()
            .set(CLAIM_ID, claim)
            // The index is not written for it: a ring meanwhile comes back when the claim is over.
            .set(NEXT_ATTEMPT_AT, now.plus(CLAIM))
            .onlyIf(
                "#status = :pending AND (#next_attempt_at <= :due OR #claim = :rung_for)", STATUS)
            // He whose attempt it is and who comes late has not to wait for himself.
            .with("rung_for", Objects.requireNonNullElse(ring.claim(), ""))
            .with("pending", DeliveryStatus.PENDING.wire())
            .with("due", now.plus(CLOCK_SLACK).toEpochMilli());
    try {
      return begun(
          dynamoDb
              .updateItem(
                  update
                      .of(table, key(ring.delivery()))
                      .returnValues(ReturnValue.ALL_NEW)
                      .returnValuesOnConditionCheckFailure(
                          ReturnValuesOnConditionCheckFailure.ALL_OLD)
                      .build())
              .attributes());
    } catch (ConditionalCheckFailedException refused) {
      return refused(new Item(refused.item()), claim);
    }
  }

  private static ClaimOutcome refused(Item row, String claim) {
    if (!row.has(CLAIM_ID)) {
      return new NotDue();
    }
    // It is ours if the SDK has tried again because an answer was lost.
    return claim.equals(row.string(CLAIM_ID))
        ? begun(row.attributes())
        : new UnderWay(row.time(NEXT_ATTEMPT_AT));
  }

  private static Begun begun(Map<String, AttributeValue> attributes) {
    Item row = new Item(attributes);
    return new Begun(new Attempt(fromItem(row), row.string(CLAIM_ID)));
  }

  /** Ends an attempt that has succeeded. */
  void delivered(Attempt attempt) {
    end(attempt, settled(DeliveryStatus.DELIVERED).increment(ATTEMPTS).remove(LAST_ERROR));
  }

  /** Ends an attempt that has failed, and was the last one. */
  void exhausted(Attempt attempt, String error) {
    end(attempt, settled(DeliveryStatus.EXHAUSTED).increment(ATTEMPTS).set(LAST_ERROR, error));
  }

  /** Ends an attempt that came to nothing, as there is nothing to be delivered any more. */
  void cancelled(Attempt attempt, String reason) {
    end(attempt, settled(DeliveryStatus.CANCELLED).set(LAST_ERROR, reason));
  }

  /**
   * Ends an attempt that has failed.
   *
   * @param ringAt when the janitor rings, if the delivery is still pending then
   */
  void retry(Attempt attempt, String error, Instant nextAttemptAt, Instant ringAt) {
    end(
        attempt,
        new Update()
            .increment(ATTEMPTS)
            .set(LAST_ERROR, error)
            .set(NEXT_ATTEMPT_AT, nextAttemptAt)
            .set(RING_AT, ringAt));
  }

  /** Pending deliveries whose ring is due, the longest overdue of each bucket first. */
  List<DeliveryId> due(int limitPerBucket) {
    List<DeliveryId> due = new ArrayList<>();
    for (int bucket = 0; bucket < DUE_BUCKETS; bucket++) {
      QueryRequest query = dueIn(bucket, clock.instant()).limit(limitPerBucket).build();
      dynamoDb.query(query).items().forEach(item -> due.add(id(new Item(item))));
    }
    return due;
  }

  /**
   * All pending deliveries that somebody was to be rung for by now or within the time for which the
   * queue can hold a message back, and how long from now.
   */
  Map<DeliveryId, Duration> rungFor() {
    Instant now = clock.instant();
    Instant latest = now.plus(DeliveryQueue.MAX_DELAY).plus(RING_GRACE);
    Map<DeliveryId, Duration> rungFor = new LinkedHashMap<>();
    for (int bucket = 0; bucket < DUE_BUCKETS; bucket++) {
      for (var attributes : dynamoDb.queryPaginator(dueIn(bucket, latest).build()).items()) {
        Item item = new Item(attributes);
        Duration left = Duration.between(now, item.time(RING_AT).minus(RING_GRACE));
        rungFor.put(id(item), left.isNegative() ? Duration.ZERO : left);
      }
    }
    return rungFor;
  }

  /** A ring that takes the attempt under way over from a bearer who is gone. */
  DeliveryRing ringInstead(DeliveryId id) {
    String claim =
        row(id).filter(row -> row.has(CLAIM_ID)).map(row -> row.string(CLAIM_ID)).orElse(null);
    return new DeliveryRing(id, claim);
  }

  /** Notes that a pending delivery was rung for just now. */
  void rung(DeliveryId id) {
    Instant now = clock.instant();
    Update update =
        new Update()
            .set(RING_AT, now.plus(RING_GRACE))
            // An attempt may have ended since the index was read, and knows better when to ring.
            .onlyIf("#status = :pending AND #ring_at <= :now", STATUS)
            .with("pending", DeliveryStatus.PENDING.wire())
            .with("now", now.toEpochMilli());
    try {
      dynamoDb.updateItem(update.of(table, key(id)).build());
    } catch (ConditionalCheckFailedException notDueAnyMore) {
      // The ring finds nothing to do.
    }
  }

  private QueryRequest.Builder dueIn(int bucket, Instant until) {
    return QueryRequest.builder()
        .tableName(table)
        .indexName(DUE)
        .keyConditionExpression("due_bucket = :bucket AND ring_at <= :until")
        .expressionAttributeValues(
            Map.of(
                ":bucket",
                AttributeValue.fromN(Integer.toString(bucket)),
                ":until",
                AttributeValue.fromN(Long.toString(until.toEpochMilli()))));
  }

  private static DeliveryId id(Item item) {
    return new DeliveryId(item.string(ID));
  }

  private Update settled(DeliveryStatus status) {
    return new Update()
        .set(STATUS, status.wire())
        .set(SETTLED_AT, clock.instant())
        .remove(DUE_BUCKET)
        .remove(RING_AT);
  }

  /** An attempt that overslept its claim says nothing about the one that came after it. */
  private void end(Attempt attempt, Update update) {
    update.remove(CLAIM_ID).onlyIf("#claim = :claim").with("claim", attempt.claim());
    try {
      dynamoDb.updateItem(update.of(table, key(attempt.delivery().id())).build());
    } catch (ConditionalCheckFailedException anotherAttemptHasBegun) {
      // Its end is the one that counts.
    }
  }

  private static Map<String, AttributeValue> key(DeliveryId id) {
    return Map.of(ID, AttributeValue.fromS(id.value()));
  }

  private static Map<String, AttributeValue> toItem(Delivery delivery, String claim) {
    return Item.builder()
        .put(ID, delivery.id().value())
        .put(CUSTOMER, delivery.customer().value())
        .put(ENDPOINT, delivery.endpoint().value())
        .put(INSTANCE, delivery.instance().value())
        .put(SEQUENCE, delivery.sequence())
        .put(EVENT, delivery.event().value())
        .put(STATUS, delivery.status().wire())
        .put(ATTEMPTS, delivery.attempts())
        .put(CREATED_AT, delivery.createdAt())
        .put(NEXT_ATTEMPT_AT, delivery.nextAttemptAt().plus(CLAIM))
        .put(CLAIM_ID, claim)
        .put(LAST_ERROR, delivery.lastError())
        .put(DUE_BUCKET, Math.floorMod(delivery.id().value().hashCode(), DUE_BUCKETS))
        .put(RING_AT, delivery.nextAttemptAt().plus(RING_GRACE))
        .ttl(delivery.createdAt().plus(KEPT))
        .build();
  }

  private static Delivery fromItem(Item item) {
    return new Delivery(
        new DeliveryId(item.string(ID)),
        new CustomerId(item.string(CUSTOMER)),
        new EndpointId(item.string(ENDPOINT)),
        new InstanceId(item.string(INSTANCE)),
        item.number(SEQUENCE),
        new EventId(item.string(EVENT)),
        DeliveryStatus.fromWire(item.string(STATUS)),
        (int) item.number(ATTEMPTS),
        item.time(CREATED_AT),
        item.time(NEXT_ATTEMPT_AT),
        item.stringOrNull(LAST_ERROR));
  }
}
