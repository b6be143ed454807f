package dev.heliograph.fleet;

import dev.heliograph.instance.InstanceId;
import dev.heliograph.table.Answers;
import dev.heliograph.table.Item;
import dev.heliograph.table.Tables;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * Who holds which shard: a row per worker incarnation with a beat counter, a row per shard with its
 * owner and epoch, and per shard what its owner last saw.
 *
 * <p>Leases keep two owners rare; what keeps them harmless is the journal. Each method is one
 * attempt and may throw {@link dev.heliograph.table.NotAcknowledgedException}.
 */
public final class Fleet {
  private static final Duration WORKER_LIFE = Duration.ofDays(2);

  private static final String FLEET = "fleet";
  private static final String ID = "id";
  private static final String BEAT = "beat";
  private static final String LEAVING = "leaving";
  private static final String DEAD = "dead";
  private static final String OWNER = "owner";
  private static final String EPOCH = "epoch";
  private static final String AT = "at";
  private static final String OTHERS_LIVE = "others_live"; // epoch ms, NULL, or absent for AT
  private static final String NOT_LIVE = "not_live";
  private static final String LAST_LIVE = "last_live"; // epoch ms by instance

  private static final String WORKER_PREFIX = "worker#";
  private static final String SHARD_PREFIX = "shard#";
  private static final String SEEN_PREFIX = "seen#";

  private final DynamoDbClient dynamoDb;
  private final String table;

  /** Over the deployment whose tables start with {@code prefix}. */
  public Fleet(DynamoDbClient dynamoDb, String prefix) {
    this.dynamoDb = dynamoDb;
    this.table = Tables.FLEET.in(prefix);
  }

  /** Every worker that was not cleared away yet, and every shard that ever had an owner. */
  public FleetView read() {
    List<WorkerRow> workers = new ArrayList<>();
    List<ShardRow> shards = new ArrayList<>();
    for (Item item : items()) {
      String id = item.string(ID);
      if (id.startsWith(WORKER_PREFIX)) {
        String worker = id.substring(WORKER_PREFIX.length());
        workers.add(new WorkerRow(worker, item.number(BEAT, 0), item.has(LEAVING), item.has(DEAD)));
      } else if (id.startsWith(SHARD_PREFIX)) {
        shards.add(toShard(Integer.parseInt(id.substring(SHARD_PREFIX.length())), item));
      }
    }
    return new FleetView(workers, shards);
  }

  /**
   * Counts a worker's beat on; its first one creates the row.
   *
   * @param leaving whether it takes nothing any more; once said, that stays
   * @return false if others have declared it dead: it holds nothing any more and must end
   */
  public boolean beat(String worker, long beat, boolean leaving, Instant now) {
    Map<String, AttributeValue> values = new HashMap<>();
    values.put(":beat", number(beat));
    values.put(":ttl", number(now.plus(WORKER_LIFE).getEpochSecond()));
    if (leaving) {
      values.put(":true", AttributeValue.fromBool(true));
    }
    return update(
            WORKER_PREFIX + worker,
            "SET beat = :beat, #ttl = :ttl" + (leaving ? ", leaving = :true" : ""),
            "attribute_not_exists(dead)",
            values,
            Map.of("#ttl", Tables.TTL))
        .isPresent();
  }

  /**
   * Declares a worker dead whose counter stood still.
   *
   * @return false if it has beaten since {@code beat}
   */
  public boolean kill(String worker, long beat) {
    return update(
            WORKER_PREFIX + worker,
            "SET dead = :true",
            "beat = :beat",
            Map.of(":true", AttributeValue.fromBool(true), ":beat", number(beat)),
            Map.of())
        .isPresent();
  }

  /**
   * Takes a shard that is still where it was seen: with a dead owner, or with none.
   *
   * @return its new epoch; empty if someone else was faster
   */
  public Optional<Long> take(ShardRow seen, String worker) {
    Map<String, AttributeValue> values = new HashMap<>();
    values.put(":worker", AttributeValue.fromS(worker));
    values.put(":one", number(1));
    values.put(":zero", number(0));
    seen.owner().ifPresent(owner -> values.put(":owner", AttributeValue.fromS(owner)));
    return update(
            SHARD_PREFIX + seen.shard(),
            "SET #owner = :worker, epoch = if_not_exists(epoch, :zero) + :one",
            seen.owner().isPresent() ? "#owner = :owner" : "attribute_not_exists(#owner)",
            values,
            Map.of("#owner", OWNER))
        .map(item -> item.number(EPOCH));
  }

  /** The row of one shard as it was written last. */
  public ShardRow shard(int shard) {
    Map<String, AttributeValue> item =
        Answers.of(
                () ->
                    dynamoDb.getItem(
                        get ->
                            get.tableName(table)
                                .consistentRead(true)
                                .key(key(SHARD_PREFIX + shard))))
            .item();
    return toShard(shard, new Item(item));
  }

  private static ShardRow toShard(int shard, Item item) {
    return new ShardRow(
        shard, Optional.ofNullable(item.stringOrNull(OWNER)), item.number(EPOCH, 0));
  }

  /**
   * Raises the epoch of a shard that the worker owns above one that it met in a journal.
   *
   * @return the new epoch; empty if the shard is no longer the worker's, or no longer at {@code
   *     mine}
   */
  public Optional<Long> raiseEpoch(int shard, String worker, long mine, long met) {
    return update(
            SHARD_PREFIX + shard,
            "SET epoch = :next",
            "#owner = :worker AND epoch = :mine",
            Map.of(
                ":next",
                number(met + 1),
                ":worker",
                AttributeValue.fromS(worker),
                ":mine",
                number(mine)),
            Map.of("#owner", OWNER))
        .map(item -> item.number(EPOCH));
  }

  /** Gives a shard up, if it is still the worker's. */
  public void release(int shard, String worker) {
    update(
        SHARD_PREFIX + shard,
        "REMOVE #owner",
        "#owner = :worker",
        Map.of(":worker", AttributeValue.fromS(worker)),
        Map.of("#owner", OWNER));
  }

  /** Writes what the owner of a shard sees there. */
  public void see(int shard, Seen seen) {
    Item.Builder item =
        Item.builder().put(FLEET, FLEET).put(ID, SEEN_PREFIX + shard).put(AT, seen.at());
    Instant others = seen.othersLiveAt();
    if (others == null) {
      item.put(OTHERS_LIVE, AttributeValue.fromNul(true));
    } else if (!others.equals(seen.at())) {
      item.put(OTHERS_LIVE, others);
    }
    if (!seen.notLive().isEmpty()) {
      item.put(
          NOT_LIVE,
          AttributeValue.fromSs(seen.notLive().stream().map(InstanceId::value).sorted().toList()));
    }
    if (!seen.lastLive().isEmpty()) {
      Map<String, AttributeValue> lastLive = new TreeMap<>();
      seen.lastLive()
          .forEach(
              (id, at) ->
                  lastLive.put(id.value(), AttributeValue.fromN(Long.toString(at.toEpochMilli()))));
      item.put(LAST_LIVE, AttributeValue.fromM(lastLive));
    }
    Answers.of(() -> dynamoDb.putItem(put -> put.tableName(table).item(item.build())));
  }

  /** What the owner of a shard last saw there; empty if the shard never had one. */
  public Optional<Seen> seen(int shard) {
    Map<String, AttributeValue> item =
        Answers.of(
                () ->
                    dynamoDb.getItem(
                        get ->
                            get.tableName(table)
                                .key(key(SEEN_PREFIX + shard))
                                .consistentRead(true)))
            .item();
    return item.isEmpty() ? Optional.empty() : Optional.of(toSeen(new Item(item)));
  }

  private static Seen toSeen(Item item) {
    AttributeValue notLive = item.attributes().get(NOT_LIVE);
    AttributeValue lastLive = item.attributes().get(LAST_LIVE);
    return new Seen(
        item.time(AT),
        othersLiveAt(item),
        notLive == null
            ? Set.of()
            : notLive.ss().stream().map(InstanceId::new).collect(Collectors.toSet()),
        lastLive == null ? Map.of() : times(lastLive.m()));
  }

  private static @Nullable Instant othersLiveAt(Item item) {
    AttributeValue others = item.attributes().get(OTHERS_LIVE);
    if (others == null) {
      return item.time(AT);
    }
    return Boolean.TRUE.equals(others.nul()) ? null : item.time(OTHERS_LIVE);
  }

  private static Map<InstanceId, Instant> times(Map<String, AttributeValue> stored) {
    Map<InstanceId, Instant> times = new HashMap<>();
    stored.forEach(
        (id, at) -> times.put(new InstanceId(id), Instant.ofEpochMilli(Long.parseLong(at.n()))));
    return times;
  }

  private List<Item> items() {
    return Answers.of(
        () ->
            dynamoDb
                .queryPaginator(
                    QueryRequest.builder()
                        .tableName(table)
                        .consistentRead(true)
                        // What was seen sorts before them; it is long when much is down.
                        .keyConditionExpression("fleet = :fleet AND id >= :shards")
                        .expressionAttributeValues(
                            Map.of(
                                ":fleet",
                                AttributeValue.fromS(FLEET),
                                ":shards",
                                AttributeValue.fromS(SHARD_PREFIX)))
                        .build())
                .items()
                .stream()
                .map(Item::new)
                .toList());
  }

  private Optional<Item> update(
      String id,
      String expression,
      String condition,
      Map<String, AttributeValue> values,
      Map<String, String> names) {
    UpdateItemRequest.Builder update =
        UpdateItemRequest.builder()
            .tableName(table)
            .key(key(id))
            .updateExpression(expression)
            .conditionExpression(condition)
            .expressionAttributeValues(values)
            .returnValues(ReturnValue.ALL_NEW);
    if (!names.isEmpty()) {
      update.expressionAttributeNames(names);
    }
    try {
      return Optional.of(
          new Item(Answers.of(() -> dynamoDb.updateItem(update.build())).attributes()));
    } catch (ConditionalCheckFailedException refused) {
      return Optional.empty();
    }
  }

  private static Map<String, AttributeValue> key(String id) {
    return Map.of(FLEET, AttributeValue.fromS(FLEET), ID, AttributeValue.fromS(id));
  }

  private static AttributeValue number(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }
}
