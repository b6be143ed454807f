package dev.heliograph.table;

import com.amazonaws.services.dynamodbv2.local.embedded.DynamoDBEmbedded;
import com.amazonaws.services.dynamodbv2.local.shared.access.AmazonDynamoDBLocal;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/**
 * A DynamoDB with some of our tables: registered as a static field one per test class, as an
 * instance field one per test. It is DynamoDB Local in this JVM, without a port; or, where {@code
 * AWS_ENDPOINT_URL} names one, that endpoint. The tables' names begin with {@link #prefix()} and
 * are gone afterwards.
 */
public final class LocalDynamoDb extends LocalService {
  private final List<TableDefinition> tables;
  private final String prefix = TestEndpoint.drawPrefix();
  private @Nullable Connection connection;

  private LocalDynamoDb(List<TableDefinition> tables) {
    this.tables = List.copyOf(tables);
  }

  /** With these tables, empty. */
  public static LocalDynamoDb with(TableDefinition... tables) {
    return new LocalDynamoDb(List.of(tables));
  }

  /** With all of {@link Tables}, empty. */
  public static LocalDynamoDb withAllTables() {
    return new LocalDynamoDb(Tables.ALL);
  }

  /** A client without the time limits that a deployed one has. */
  public DynamoDbClient client() {
    return connection().dynamoDb();
  }

  /** Reads the streams of these tables. */
  public DynamoDbStreamsClient streams() {
    return connection().streams();
  }

  /** What the names of the tables begin with; another one in each test class or test. */
  public String prefix() {
    return prefix;
  }

  /** The table's name here. */
  public String name(TableDefinition table) {
    return table.in(prefix);
  }

  /**
   * Closes the shards of every stream and opens children of them, as DynamoDB does every four
   * hours. At an endpoint nobody can ask for it: the test is skipped there.
   */
  public void rollOverShards() {
    AmazonDynamoDBLocal embedded = connection().embedded();
    Assumptions.assumeTrue(embedded != null, "only DynamoDB Local rolls over on demand");
    Objects.requireNonNull(embedded).triggerShardRollovers();
  }

  @Override
  void open() {
    connection = TestEndpoint.isGiven("DYNAMODB") ? Connection.toEndpoint() : Connection.embed();
    tables.forEach(table -> table.create(client(), prefix));
  }

  @Override
  void close() {
    AmazonDynamoDBLocal embedded = connection().embedded();
    if (embedded == null) {
      tables.forEach(table -> client().deleteTable(delete -> delete.tableName(name(table))));
    } else {
      embedded.shutdownNow();
    }
    connection = null;
  }

  private Connection connection() {
    if (connection == null) {
      throw new IllegalStateException("register it with @RegisterExtension and use it in tests");
    }
    return connection;
  }

  private record Connection(
      DynamoDbClient dynamoDb,
      DynamoDbStreamsClient streams,
      @Nullable AmazonDynamoDBLocal embedded) {

    static Connection embed() {
      AmazonDynamoDBLocal dynamoDb = DynamoDBEmbedded.create(true);
      return new Connection(dynamoDb.dynamoDbClient(), dynamoDb.dynamoDbStreamsClient(), dynamoDb);
    }

    static Connection toEndpoint() {
      return new Connection(
          TestEndpoint.configure(DynamoDbClient.builder()).build(),
          TestEndpoint.configure(DynamoDbStreamsClient.builder()).build(),
          null);
    }
  }
}
