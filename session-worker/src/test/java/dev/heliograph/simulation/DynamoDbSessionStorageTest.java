package dev.heliograph.simulation;

import dev.heliograph.account.CustomerId;
import dev.heliograph.authstate.AuthState;
import dev.heliograph.instance.Desired;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.Instances;
import dev.heliograph.journal.CallLimit;
import dev.heliograph.journal.DynamoDbSessionStorage;
import dev.heliograph.journal.Journal;
import dev.heliograph.journal.SessionStorage;
import dev.heliograph.message.Message;
import dev.heliograph.message.Messages;
import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.table.Tables;
import java.time.InstantSource;
import org.junit.jupiter.api.extension.RegisterExtension;

class DynamoDbSessionStorageTest extends SessionStorageContract {
  @RegisterExtension
  final LocalDynamoDb dynamoDb =
      LocalDynamoDb.with(Tables.JOURNAL, Tables.AUTH_STATE, Tables.INSTANCES, Tables.MESSAGES);

  private final InstantSource clock = InstantSource.fixed(now);

  private Instances instances() {
    return new Instances(dynamoDb.client(), dynamoDb.prefix(), clock);
  }

  private Messages messages() {
    return new Messages(dynamoDb.client(), dynamoDb.prefix(), clock);
  }

  @Override
  SessionStorage storage() {
    return new DynamoDbSessionStorage(
        INSTANCE,
        new Journal(dynamoDb.client(), dynamoDb.prefix()),
        new AuthState(dynamoDb.client(), dynamoDb.prefix()),
        instances(),
        messages(),
        clock,
        new CallLimit(16, System::nanoTime));
  }

  @Override
  void create(Instance instance) {
    instances().create(instance);
  }

  @Override
  void wish(Desired desired) {
    CustomerId customer = instances().load(INSTANCE).orElseThrow().customer();
    instances().wish(customer, INSTANCE, desired);
  }

  @Override
  void accept(Message message) {
    messages().accept(message);
  }
}
