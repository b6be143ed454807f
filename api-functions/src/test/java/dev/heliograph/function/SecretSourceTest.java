package dev.heliograph.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.config.ConfigurationException;
import dev.heliograph.config.LocalMoto;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

class SecretSourceTest {
  private static final String KEY = "0123456789abcdef0123456789abcdef";

  @RegisterExtension static final LocalMoto moto = new LocalMoto();

  private static Functions functions(String arn) {
    Map<String, String> variables = new HashMap<>(moto.environment());
    variables.put("HELIOGRAPH_SECRET_KEY_ARN", arn);
    return new Functions(variables);
  }

  private static String store(String text) {
    try (SecretsManagerClient secrets =
        moto.aws()
            .secretsManager(SecretsManagerClient.builder())
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .build()) {
      return secrets.createSecret(create -> create.name("key").secretString(text)).arn();
    }
  }

  @Test
  void theKeyIsReadWhereItsArnLeads() {
    assertThat(functions(store(KEY)).secretKey().value()).isEqualTo(KEY);
  }

  @Test
  void aFunctionThatSealsNothingAsksForNoKey() {
    Functions functions = functions("arn:aws:secretsmanager:us-east-1:123456789012:secret:none");

    assertThat(functions.eventFanoutHandler()).isNotNull();
    assertThat(functions.janitorHandler()).isNotNull();
  }

  @Test
  void oneOfTheTwoIsSaidAndNotBoth() {
    assertThatThrownBy(() -> FunctionSettings.from(Map.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll("HELIOGRAPH_SECRET_KEY", "HELIOGRAPH_SECRET_KEY_ARN");
    assertThatThrownBy(
            () ->
                FunctionSettings.from(
                    Map.of("HELIOGRAPH_SECRET_KEY", KEY, "HELIOGRAPH_SECRET_KEY_ARN", "arn")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("not both");
  }
}
