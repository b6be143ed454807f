package dev.heliograph.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.id.IdGenerator;
import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.table.Tables;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AccountsTest {
  @RegisterExtension final LocalDynamoDb dynamoDb = LocalDynamoDb.with(Tables.ACCOUNTS);

  @Test
  void aKeyIsItsCustomers() {
    Accounts accounts = accounts();
    Customer acme = accounts.create("Acme");
    Customer other = accounts.create("Other");

    ApiKey first = accounts.createKey(acme.id());
    ApiKey second = accounts.createKey(acme.id());
    ApiKey others = accounts.createKey(other.id());

    assertThat(accounts.owner(first)).contains(acme.id());
    assertThat(accounts.owner(second)).contains(acme.id());
    assertThat(accounts.owner(others)).contains(other.id());
    assertThat(accounts.owner(ApiKey.draw())).isEmpty();
    assertThat(accounts.customers())
        .extracting(Customer::name)
        .containsExactlyInAnyOrder("Acme", "Other");
  }

  @Test
  void aKeyIsStoredAsItsHashAlone() {
    Accounts accounts = accounts();
    ApiKey key = accounts.createKey(accounts.create("Acme").id());

    String stored =
        dynamoDb
            .client()
            .scan(scan -> scan.tableName(dynamoDb.name(Tables.ACCOUNTS)))
            .items()
            .toString();

    assertThat(stored).doesNotContain(key.text()).doesNotContain(key.text().substring(3));
    assertThat(key.toString()).isEqualTo("[redacted]");
  }

  @Test
  void onlyWhatHasTheFormOfAKeyIsLookedUp() {
    assertThat(ApiKey.parse(ApiKey.draw().text())).isPresent();
    assertThat(ApiKey.parse("hg_" + "0".repeat(63))).isEmpty();
    assertThat(ApiKey.parse("hg_" + "G".repeat(64))).isEmpty();
    assertThat(ApiKey.parse("sk_" + "0".repeat(64))).isEmpty();
  }

  private Accounts accounts() {
    return new Accounts(
        dynamoDb.client(), dynamoDb.prefix(), IdGenerator.random(), InstantSource.system());
  }
}
