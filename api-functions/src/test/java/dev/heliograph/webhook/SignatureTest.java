package dev.heliograph.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import java.net.http.HttpHeaders;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SignatureTest {
  private static final String BODY = "{\"text\":\"Grüße 👋\"}";

  @Test
  void aReceiverThatKnowsTheSecretAcceptsIt() throws Exception {
    SigningSecret secret = SigningSecret.draw();

    Map<String, String> headers = Signature.headers(secret, "evt_1", Instant.now(), BODY);

    new Webhook(secret.text()).verify(BODY, headers(headers));
    assertThat(headers).containsEntry("webhook-id", "evt_1");
  }

  /** Computed with OpenSSL, over {@code evt_1.1777638896.{}} with a key of 32 zero bytes. */
  @Test
  void itIsWhatOthersCompute() {
    SigningSecret zeros = new SigningSecret("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");

    Map<String, String> headers =
        Signature.headers(zeros, "evt_1", Instant.parse("2026-05-01T12:34:56Z"), "{}");

    assertThat(headers)
        .containsEntry("webhook-timestamp", "1777638896")
        .containsEntry("webhook-signature", "v1,LSIxVRB+h012GEE5AgrKwyE8Jq8XA5fWnERW0XOzaj0=");
  }

  @Test
  void secretsAreDrawnAndNotPrinted() {
    SigningSecret secret = SigningSecret.draw();

    assertThat(secret).isNotEqualTo(SigningSecret.draw());
    assertThat(secret.key()).hasSize(32);
    assertThat(secret.toString()).isEqualTo("[redacted]");
  }

  private static HttpHeaders headers(Map<String, String> headers) {
    return HttpHeaders.of(
        headers.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, header -> List.of(header.getValue()))),
        (name, value) -> true);
  }
}
