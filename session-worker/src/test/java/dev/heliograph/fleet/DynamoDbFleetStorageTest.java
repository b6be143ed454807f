package dev.heliograph.fleet;

import dev.heliograph.instance.Instances;
import dev.heliograph.message.Messages;
import dev.heliograph.table.LocalDynamoDb;
import java.time.InstantSource;
import org.junit.jupiter.api.extension.RegisterExtension;

class DynamoDbFleetStorageTest extends FleetStorageContract {
  @RegisterExtension final LocalDynamoDb dynamoDb = LocalDynamoDb.withAllTables();

  @Override
  protected FleetStorage storage() {
    InstantSource clock = InstantSource.system();
    return new DynamoDbFleetStorage(
        new Fleet(dynamoDb.client(), dynamoDb.prefix()),
        new Instances(dynamoDb.client(), dynamoDb.prefix(), clock),
        new Messages(dynamoDb.client(), dynamoDb.prefix(), clock));
  }
}
