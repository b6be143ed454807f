package dev.heliograph.table;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamSpecification;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/**
 * A table: what {@code template.yaml} deploys and what the local mode creates.
 *
 * @param name without the deployment's prefix
 * @param ttl the attribute with the time (epoch seconds) after which an item may be deleted
 * @param stream whether new images are streamed
 */
public record TableDefinition(
    String name,
    Key partition,
    @Nullable Key sort,
    List<Index> indexes,
    @Nullable String ttl,
    boolean stream) {

  public TableDefinition {
    indexes = List.copyOf(indexes);
  }

  /** A key attribute; {@code type} is DynamoDB's {@code S}, {@code N} or {@code B}. */
  public record Key(String name, ScalarAttributeType type) {
    /** A string. */
    public static Key string(String name) {
      return new Key(name, ScalarAttributeType.S);
    }

    /** A number. */
    public static Key number(String name) {
      return new Key(name, ScalarAttributeType.N);
    }
  }

  /**
   * A global secondary index.
   *
   * @param includes the attributes it carries beside the keys; empty: keys only
   */
  public record Index(String name, Key partition, Key sort, List<String> includes) {
    public Index {
      includes = List.copyOf(includes);
    }
  }

  /** The table's name in a deployment. */
  public String in(String prefix) {
    return prefix + name;
  }

  /**
   * Creates the table with its indexes and stream. Its TTL is a call of its own: where that may not
   * have come to pass, see {@link #ensureTtl}.
   */
  public void create(DynamoDbClient dynamoDb, String prefix) {
    dynamoDb.createTable(request(prefix));
    dynamoDb.waiter().waitUntilTableExists(describe -> describe.tableName(in(prefix)));
    ensureTtl(dynamoDb, prefix);
  }

  /** Has expired items deleted, for a table that is there. */
  public void ensureTtl(DynamoDbClient dynamoDb, String prefix) {
    if (ttl == null || hasTtl(dynamoDb, prefix)) {
      return;
    }
    dynamoDb.updateTimeToLive(
        update ->
            update
                .tableName(in(prefix))
                .timeToLiveSpecification(spec -> spec.attributeName(ttl).enabled(true)));
  }

  private boolean hasTtl(DynamoDbClient dynamoDb, String prefix) {
    return switch (dynamoDb
        .describeTimeToLive(describe -> describe.tableName(in(prefix)))
        .timeToLiveDescription()
        .timeToLiveStatus()) {
      case ENABLED, ENABLING -> true;
      case DISABLED, DISABLING, UNKNOWN_TO_SDK_VERSION -> false;
    };
  }

  private CreateTableRequest request(String prefix) {
    CreateTableRequest.Builder request =
        CreateTableRequest.builder()
            .tableName(in(prefix))
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .keySchema(keySchema(partition, sort))
            .attributeDefinitions(attributes());
    if (!indexes.isEmpty()) {
      request.globalSecondaryIndexes(indexes.stream().map(TableDefinition::toIndex).toList());
    }
    if (stream) {
      request.streamSpecification(
          StreamSpecification.builder()
              .streamEnabled(true)
              .streamViewType(StreamViewType.NEW_IMAGE)
              .build());
    }
    return request.build();
  }

  private List<AttributeDefinition> attributes() {
    Map<String, Key> keys = new LinkedHashMap<>();
    keys.put(partition.name(), partition);
    if (sort != null) {
      keys.put(sort.name(), sort);
    }
    for (Index index : indexes) {
      keys.put(index.partition().name(), index.partition());
      keys.put(index.sort().name(), index.sort());
    }
    return keys.values().stream()
        .map(
            key ->
                AttributeDefinition.builder()
                    .attributeName(key.name())
                    .attributeType(key.type())
                    .build())
        .toList();
  }

  private static List<KeySchemaElement> keySchema(Key partition, @Nullable Key sort) {
    List<KeySchemaElement> schema = new ArrayList<>();
    schema.add(element(partition, KeyType.HASH));
    if (sort != null) {
      schema.add(element(sort, KeyType.RANGE));
    }
    return schema;
  }

  private static KeySchemaElement element(Key key, KeyType type) {
    return KeySchemaElement.builder().attributeName(key.name()).keyType(type).build();
  }

  private static GlobalSecondaryIndex toIndex(Index index) {
    Projection projection =
        index.includes().isEmpty()
            ? Projection.builder().projectionType(ProjectionType.KEYS_ONLY).build()
            : Projection.builder()
                .projectionType(ProjectionType.INCLUDE)
                .nonKeyAttributes(index.includes())
                .build();
    return GlobalSecondaryIndex.builder()
        .indexName(index.name())
        .keySchema(keySchema(index.partition(), index.sort()))
        .projection(projection)
        .build();
  }
}
