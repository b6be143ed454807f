package dev.heliograph.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.api.NoContext;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.table.Tables;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class KeysHandlerTest {
  @RegisterExtension final LocalDynamoDb dynamoDb = LocalDynamoDb.with(Tables.ACCOUNTS);

  private Accounts accounts;
  private KeysHandler handler;

  @BeforeEach
  void setUp() {
    accounts =
        new Accounts(
            dynamoDb.client(), dynamoDb.prefix(), IdGenerator.random(), InstantSource.system());
    handler = new KeysHandler(accounts);
  }

  private Map<String, String> call(String what, String value) {
    return handler.handleRequest(Map.of(what, value), new NoContext());
  }

  private boolean isKey(String text) {
    return accounts.owner(ApiKey.parse(text).orElseThrow()).isPresent();
  }

  @Test
  void aCustomerGetsAKeyAndThenAnother() {
    Map<String, String> first = call("new", "shop");
    Map<String, String> second = call("new", "shop");

    assertThat(second.get("customer")).isEqualTo(first.getOrDefault("customer", ""));
    assertThat(accounts.customers()).hasSize(1);
    assertThat(accounts.owner(new ApiKey(second.getOrDefault("key", ""))))
        .contains(new CustomerId(first.getOrDefault("customer", "")));
  }

  @Test
  void aRevokedKeyIsNobodys() {
    String key = call("new", "shop").getOrDefault("key", "");
    assertThat(isKey(key)).isTrue();

    assertThat(call("revoke", key)).isEqualTo(Map.of("revoked", "true"));
    assertThat(isKey(key)).isFalse();
    assertThat(call("revoke", key)).isEqualTo(Map.of("revoked", "false"));
    assertThat(call("revoke", "no key")).isEqualTo(Map.of("revoked", "false"));
  }

  @Test
  void whatSaysNothingOfTheseIsRefusedWithoutBeingQuoted() {
    for (Map<String, String> input :
        List.of(
            Map.<String, String>of(),
            Map.of("new", " "),
            Map.of("name", "hg_secret"),
            Map.of("new", "shop", "revoke", "hg_secret"))) {
      assertThatThrownBy(() -> handler.handleRequest(input, new NoContext()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("hg_secret");
    }
    assertThat(accounts.customers()).isEmpty();
  }
}
