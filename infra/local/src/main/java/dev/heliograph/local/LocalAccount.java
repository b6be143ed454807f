package dev.heliograph.local;

import dev.heliograph.account.Accounts;
import dev.heliograph.account.ApiKey;
import dev.heliograph.account.Customer;
import dev.heliograph.id.IdGenerator;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The one customer of a local deployment. */
final class LocalAccount {
  private static final String NAME = "local";

  private final Accounts accounts;

  LocalAccount(DynamoDbClient dynamoDb) {
    InstantSource clock = InstantSource.system();
    accounts = new Accounts(dynamoDb, LocalDeployment.PREFIX, IdGenerator.random(), clock);
  }

  /** Makes the account and its first key; nothing if there is an account. */
  Optional<ApiKey> open() {
    if (!accounts.customers().isEmpty()) return Optional.empty();
    return Optional.of(accounts.createKey(accounts.create(NAME).id()));
  }

  /** One more key, for the account that is made if there is none. */
  ApiKey createKey() {
    List<Customer> customers = accounts.customers();
    Customer customer = customers.isEmpty() ? accounts.create(NAME) : customers.getFirst();
    return accounts.createKey(customer.id());
  }

  /** Ends a key; false if there is none like it. */
  boolean revoke(ApiKey key) {
    return accounts.revoke(key);
  }
}
