package dev.heliograph.account;

import dev.heliograph.id.IdGenerator;
import dev.heliograph.table.Item;
import dev.heliograph.table.Tables;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Customers (one partition: a deployment has few), and the hashes of their API keys. */
public final class Accounts {
  private static final String PARTITION = "pk";
  private static final String SORT = "sk";
  private static final String CUSTOMERS = "customers"; // the partition; a customer's id sorts
  private static final String KEY_PREFIX = "key#"; // the partition is this and a key's hash
  private static final String KEY = "key"; // the only sort key there
  private static final String NAME = "name";
  private static final String CUSTOMER = "customer";
  private static final String CREATED_AT = "created_at"; // epoch ms

  private final DynamoDbClient dynamoDb;
  private final String table;
  private final IdGenerator ids;
  private final InstantSource clock;

  public Accounts(DynamoDbClient dynamoDb, String prefix, IdGenerator ids, InstantSource clock) {
    this.dynamoDb = dynamoDb;
    this.table = Tables.ACCOUNTS.in(prefix);
    this.ids = ids;
    this.clock = clock;
  }

  /** A new customer, without a key. */
  public Customer create(String name) {
    Customer customer = new Customer(CustomerId.draw(ids), name, clock.instant());
    dynamoDb.putItem(
        put ->
            put.tableName(table)
                .item(
                    Item.builder()
                        .put(PARTITION, CUSTOMERS)
                        .put(SORT, customer.id().value())
                        .put(NAME, name)
                        .put(CREATED_AT, customer.createdAt())
                        .build()));
    return customer;
  }

  /** All customers, oldest first. */
  public List<Customer> customers() {
    return dynamoDb
        .queryPaginator(
            query ->
                query
                    .tableName(table)
                    .consistentRead(true)
                    .keyConditionExpression("pk = :customers")
                    .expressionAttributeValues(
                        Map.of(":customers", AttributeValue.fromS(CUSTOMERS))))
        .items()
        .stream()
        .map(Item::new)
        .map(
            item ->
                new Customer(
                    new CustomerId(item.string(SORT)), item.string(NAME), item.time(CREATED_AT)))
        .toList();
  }

  /** One more key for a customer. It can be shown now and never again. */
  public ApiKey createKey(CustomerId customer) {
    ApiKey key = ApiKey.draw();
    dynamoDb.putItem(
        put ->
            put.tableName(table)
                .item(
                    Item.builder()
                        .put(PARTITION, KEY_PREFIX + key.hash())
                        .put(SORT, KEY)
                        .put(CUSTOMER, customer.value())
                        .put(CREATED_AT, clock.instant())
                        .build()));
    return key;
  }

  /**
   * Ends a key: who shows it from now on is nobody.
   *
   * @return false if there is no such key
   */
  public boolean revoke(ApiKey key) {
    // Asked before: of a deletion that the SDK had to repeat, the answer is that nothing was there.
    if (owner(key).isEmpty()) {
      return false;
    }
    dynamoDb.deleteItem(delete -> delete.tableName(table).key(key(key)));
    return true;
  }

  /** Whose key it is. */
  public Optional<CustomerId> owner(ApiKey key) {
    return Optional.of(
            dynamoDb
                .getItem(
                    get ->
                        get.tableName(table)
                            .key(key(key))
                            // A key works as soon as it is shown.
                            .consistentRead(true))
                .item())
        .filter(item -> !item.isEmpty())
        .map(Item::new)
        .filter(item -> !item.isExpired(clock.instant()))
        .map(item -> new CustomerId(item.string(CUSTOMER)));
  }

  private static Map<String, AttributeValue> key(ApiKey key) {
    return Map.of(
        PARTITION, AttributeValue.fromS(KEY_PREFIX + key.hash()), SORT, AttributeValue.fromS(KEY));
  }
}
