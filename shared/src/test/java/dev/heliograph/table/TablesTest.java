package dev.heliograph.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

class TablesTest {
  @RegisterExtension static final LocalDynamoDb dynamoDb = LocalDynamoDb.withAllTables();

  @Test
  void eachIsCreatedWithItsIndexesAndItsStream() {
    for (TableDefinition table : Tables.ALL) {
      TableDescription created = describe(table);

      assertThat(created.globalSecondaryIndexes())
          .extracting(index -> index.indexName())
          .containsExactlyInAnyOrderElementsOf(
              table.indexes().stream().map(TableDefinition.Index::name).toList());
      assertThat(created.latestStreamArn() != null).as(table.name()).isEqualTo(table.stream());
    }
  }

  @Test
  void itemsExpireWhereTheTableSaysSo() {
    for (TableDefinition table : Tables.ALL) {
      var ttl =
          dynamoDb
              .client()
              .describeTimeToLive(describe -> describe.tableName(dynamoDb.name(table)))
              .timeToLiveDescription();

      assertThat(ttl.attributeName()).as(table.name()).isEqualTo(table.ttl());
      assertThat(ttl.timeToLiveStatus()).isEqualTo(TimeToLiveStatus.ENABLED);
    }
  }

  private static TableDescription describe(TableDefinition table) {
    return dynamoDb
        .client()
        .describeTable(describe -> describe.tableName(dynamoDb.name(table)))
        .table();
  }
}
