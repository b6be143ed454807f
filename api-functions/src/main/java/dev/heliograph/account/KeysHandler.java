package dev.heliograph.account;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.heliograph.function.Functions;
import java.util.Map;
import java.util.Optional;

/**
 * Makes and ends API keys for an operator. {@code {"new":"shop"}} makes one for the customer of
 * that name, who is created if there is none, and answers {@code
 * {"customer":"cust_…","key":"hg_…"}}: the key can be shown now and never again. {@code
 * {"revoke":"hg_…"}} ends one, and answers {@code {"revoked":"true"}}, or {@code "false"} if there
 * is no such key.
 *
 * <p>Who may invoke it is a matter of IAM: no route leads here.
 */
public final class KeysHandler implements RequestHandler<Map<String, String>, Map<String, String>> {
  private final Accounts accounts;

  /** As Lambda makes it, from the process's environment. */
  public KeysHandler() {
    this(Functions.fromEnvironment().accounts());
  }

  /** With everything given. */
  public KeysHandler(Accounts accounts) {
    this.accounts = accounts;
  }

  @Override
  public Map<String, String> handleRequest(Map<String, String> input, Context context) {
    String name = input.get("new");
    String key = input.get("revoke");
    if (input.size() == 1 && name != null && !name.isBlank()) {
      return create(name);
    }
    if (input.size() == 1 && key != null) {
      return revoke(key);
    }
    throw new IllegalArgumentException(
        "say {\"new\":\"name of a customer\"} or {\"revoke\":\"key\"}");
  }

  private Map<String, String> create(String name) {
    Customer customer =
        accounts.customers().stream()
            .filter(there -> there.name().equals(name))
            .findFirst()
            .orElseGet(() -> accounts.create(name));
    return Map.of(
        "customer", customer.id().value(), "key", accounts.createKey(customer.id()).text());
  }

  private Map<String, String> revoke(String text) {
    Optional<ApiKey> key = ApiKey.parse(text);
    return Map.of("revoked", String.valueOf(key.isPresent() && accounts.revoke(key.get())));
  }
}
