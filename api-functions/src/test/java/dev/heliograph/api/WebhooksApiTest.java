package dev.heliograph.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.table.LocalSqs;
import dev.heliograph.table.RepeatedWrites;
import dev.heliograph.table.Tables;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
  void aRequestThatIsRepeatedUnderItsKeyIsOneWebhook() {
    String body = "{\"url\":\"http://127.0.0.1/\"}";
    Answer first = acme.post("/v1/webhooks", body, "Idempotency-Key", "mine");

    assertThat(acme.post("/v1/webhooks", body, "Idempotency-Key", "mine")).isEqualTo(first);
    assertThat(
            acme.post("/v1/webhooks", body.replace("1/", "2/"), "Idempotency-Key", "mine").code())
        .isEqualTo("idempotency_key_reused");
    assertThat(acme.get("/v1/webhooks").body().at("/data")).hasSize(1);
    assertThat(other.post("/v1/webhooks", body, "Idempotency-Key", "mine").text("/id"))
        .isNotEqualTo(first.text("/id"));
  }

  @Test
  void aCustomerMayHaveTwenty() {
    for (int i = 0; i < 20; i++) {
      assertThat(acme.post("/v1/webhooks", "{\"url\":\"http://127.0.0.1/\"}").status())
          .isEqualTo(201);
    }

    Answer refused = acme.post("/v1/webhooks", "{\"url\":\"http://127.0.0.1/\"}");

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.code()).isEqualTo("too_many_webhooks");
    assertThat(other.post("/v1/webhooks", "{\"url\":\"http://127.0.0.1/\"}").status())
        .isEqualTo(201);
    acme.delete("/v1/webhooks/" + acme.get("/v1/webhooks").text("/data/0/id"));
    assertThat(acme.post("/v1/webhooks", "{\"url\":\"http://127.0.0.1/\"}").status())
        .isEqualTo(201);
  }

  @Test
  void manyAtOnceDoNotGetPastThat() throws Exception {
    for (int i = 0; i < 18; i++) {
      acme.post("/v1/webhooks", "{\"url\":\"http://127.0.0.1/\"}");
    }

    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Answer> creation =
          () -> acme.post("/v1/webhooks", "{\"url\":\"http://127.0.0.1/\"}");
      for (Future<Answer> created : threads.invokeAll(Collections.nCopies(10, creation))) {
        assertThat(created.get().status()).isIn(201, 409);
      }
    }

    assertThat(acme.get("/v1/webhooks").body().at("/data").size()).isBetween(18, 20);
  }

  @Test
  void aDeletionThatTheSdkHadToRepeatIsOne() {
    TestApi repeating =
        new TestApi(
            RepeatedWrites.of(dynamoDb.client()), dynamoDb.prefix(), sqs, Duration.ofMillis(100));
    TestApi.Caller caller = repeating.customer();
    String path =
        "/v1/webhooks/"
            + caller.post("/v1/webhooks", "{\"url\":\"http://127.0.0.1/\"}").text("/id");

    assertThat(caller.delete(path).status()).isEqualTo(204);
    assertThat(caller.delete(path).status()).isEqualTo(404);
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
