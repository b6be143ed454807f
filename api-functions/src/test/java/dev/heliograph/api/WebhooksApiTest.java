package dev.heliograph.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.table.LocalSqs;
import dev.heliograph.table.Tables;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WebhooksApiTest {
  @RegisterExtension
  static final LocalDynamoDb dynamoDb =
      LocalDynamoDb.with(Tables.ACCOUNTS, Tables.WEBHOOK_ENDPOINTS);

  @RegisterExtension static final LocalSqs sqs = LocalSqs.with();

  private TestApi.Caller acme;
  private TestApi.Caller other;

  @BeforeEach
  void setUp() {
    TestApi api = new TestApi(dynamoDb, sqs, Duration.ofMillis(100));
    acme = api.customer();
    other = api.customer();
  }

  @Test
  void theSecretIsShownOnceAndKeptUnreadable() {
    Answer created = acme.post("/v1/webhooks", "{\"url\":\"http://127.0.0.1:9/hook?token=x\"}");

    assertThat(created.status()).isEqualTo(201);
    assertThat(created.body().at("/events")).isEmpty();
    String secret = created.text("/secret");
    byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
    assertThat(key).hasSize(32);
    Answer shown = acme.get("/v1/webhooks/" + created.text("/id"));
    assertThat(shown.text("/url")).isEqualTo("http://127.0.0.1:9/hook?token=x");
    assertThat(shown.body().has("secret")).isFalse();
    assertThat(stored())
        .doesNotContain(secret)
        .doesNotContain(new String(key, StandardCharsets.ISO_8859_1));
  }

  @Test
  void theListHasTheCustomersOwn() {
    String mine =
        acme.post("/v1/webhooks", "{\"url\":\"http://127.0.0.1/\",\"events\":[\"message.sent\"]}")
            .text("/id");
    other.post("/v1/webhooks", "{\"url\":\"http://127.0.0.1/\"}");

    Answer list = acme.get("/v1/webhooks");

    assertThat(list.body().at("/data").findValuesAsText("id")).containsExactly(mine);
    assertThat(list.text("/data/0/events/0")).isEqualTo("message.sent");
  }

  @Test
  void anotherCustomersIsAnsweredLikeNone() {
    String theirs =
        "/v1/webhooks/" + other.post("/v1/webhooks", "{\"url\":\"http://127.0.0.1/\"}").text("/id");

    for (Answer answer : List.of(acme.get(theirs), acme.delete(theirs))) {
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.code()).isEqualTo("webhook_not_found");
    }
    assertThat(other.get(theirs).status()).isEqualTo(200);
  }

  @Test
  void oneThatWasDeletedIsGone() {
    String path =
        "/v1/webhooks/" + acme.post("/v1/webhooks", "{\"url\":\"http://127.0.0.1/\"}").text("/id");

    assertThat(acme.delete(path).status()).isEqualTo(204);
    assertThat(acme.delete(path).status()).isEqualTo(404);
    assertThat(acme.get("/v1/webhooks").body().at("/data")).isEmpty();
  }

  /** Every byte of the table. */
  private static String stored() {
    StringBuilder all = new StringBuilder();
    dynamoDb
        .client()
        .scan(scan -> scan.tableName(dynamoDb.name(Tables.WEBHOOK_ENDPOINTS)))
        .items()
        .forEach(
            item ->
                item.values()
                    .forEach(
                        value ->
                            all.append(value.s())
                                .append(
                                    value.b() == null
                                        ? ""
                                        : value.b().asString(StandardCharsets.ISO_8859_1))));
    return all.toString();
  }
}
