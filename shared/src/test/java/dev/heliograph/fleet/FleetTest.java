package dev.heliograph.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.table.Tables;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

class FleetTest {
  private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

  @RegisterExtension final LocalDynamoDb dynamoDb = LocalDynamoDb.with(Tables.FLEET);

  private final AtomicInteger items = new AtomicInteger();

  /** Counts the items that queries read. */
  private final class CountingClient implements DynamoDbClient {
    @Override
    public QueryResponse query(QueryRequest request) {
      QueryResponse response = dynamoDb.client().query(request);
      items.addAndGet(response.scannedCount());
      return response;
    }

    @Override
    public String serviceName() {
      return dynamoDb.client().serviceName();
    }

    @Override
    public void close() {}
  }

  @Test
  void whoLooksForWorkersAndShardsDoesNotReadWhatWasSeen() {
    Fleet fleet = new Fleet(dynamoDb.client(), dynamoDb.prefix());
    fleet.beat("a", 1, false, NOW);
    fleet.take(new ShardRow(3, Optional.empty(), 0), "a");
    fleet.take(new ShardRow(15, Optional.empty(), 0), "a");
    fleet.see(3, new Seen(NOW, Set.of(), Map.of()));
    fleet.see(15, new Seen(NOW, Set.of(), Map.of()));

    FleetView view = new Fleet(new CountingClient(), dynamoDb.prefix()).read();

    assertThat(view.workers()).isEqualTo(List.of(new WorkerRow("a", 1, false, false)));
    assertThat(view.shards()).extracting(ShardRow::shard).containsExactly(15, 3);
    assertThat(items).hasValue(3);
  }
}
