package dev.heliograph.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.table.LocalSqs;
import dev.heliograph.table.Tables;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class BadRequestTest {
  @RegisterExtension
  static final LocalDynamoDb dynamoDb =
      LocalDynamoDb.with(
          Tables.ACCOUNTS,
          Tables.INSTANCES,
          Tables.FLEET,
          Tables.MESSAGES,
          Tables.WEBHOOK_ENDPOINTS);

  @RegisterExtension static final LocalSqs sqs = LocalSqs.withAllQueues();

  private static TestApi api;
  private static TestApi.Caller acme;
  private static String instance;

  @BeforeAll
  static void setUp() {
    api = new TestApi(dynamoDb, sqs, Duration.ofMillis(100));
    acme = api.customer();
    instance = "/v1/instances/" + acme.connected().id();
  }

  /** A body that is JSON, the route it is sent to, and the field that is wrong. */
  record Invalid(String path, String body, String field) {}

  static final List<Invalid> INVALID =
      List.of(
          new Invalid("/v1/instances", "{}", "name"),
          new Invalid("/v1/instances", "{\"name\":null}", "name"),
          new Invalid("/v1/instances", "{\"name\":\"\"}", "name"),
          new Invalid("/v1/instances", "{\"name\":\" \\t\"}", "name"),
          new Invalid("/v1/instances", "{\"name\":17}", "name"),
          new Invalid("/v1/instances", "{\"name\":[\"a\"]}", "name"),
          new Invalid("/v1/instances", "{\"name\":\"" + "x".repeat(201) + "\"}", "name"),
          new Invalid("/v1/instances", "{\"name\":\"half a pair: \\ud83d\"}", "name"),
          new Invalid("/v1/instances", "{\"name\":\"nul: \\u0000\"}", "name"),
          new Invalid("/v1/instances", "{\"name\":\"a\",\"nmae\":\"b\"}", "nmae"),
          new Invalid("/v1/instances", "{\"name\":\"a\",\"metadata\":[]}", "metadata"),
          new Invalid("/v1/instances", "{\"name\":\"a\",\"metadata\":\"b\"}", "metadata"),
          new Invalid(
              "/v1/instances",
              "{\"name\":\"a\",\"metadata\":{\"b\":\"" + "x".repeat(8192) + "\"}}",
              "metadata"),
          new Invalid(
              "/v1/instances",
              "{\"name\":\"a\",\"metadata\":{\"b\":" + "[".repeat(32) + "]".repeat(32) + "}}",
              "metadata"),
          new Invalid(
              "/v1/instances",
              "{\"name\":\"a\",\"metadata\":" + "{\"b\":".repeat(997) + "1" + "}".repeat(998),
              "metadata"),
          new Invalid(
              "/v1/instances", "{\"name\":\"a\",\"metadata\":{\"b\":\"\\ud83d\"}}", "metadata"),
          new Invalid("{instance}/connect", "{\"force\":true}", "force"),
          new Invalid("{instance}/messages", "{}", "to"),
          new Invalid("{instance}/messages", message("\"+1415\"", "{\"type\":\"text\"}"), "to"),
          new Invalid("{instance}/messages", TestApi.text("+0415555012", "Hello"), "to"),
          new Invalid("{instance}/messages", TestApi.text("+1415555012345678", "Hello"), "to"),
          new Invalid("{instance}/messages", TestApi.text("+1 415 555 0123", "Hello"), "to"),
          new Invalid("{instance}/messages", TestApi.text("14155550123@s.whatsapp.net", "x"), "to"),
          new Invalid("{instance}/messages", TestApi.text("+١٤١٥٥٥٥٠١٢٣", "Hello"), "to"),
          new Invalid("{instance}/messages", message("14155550123", "{}"), "to"),
          new Invalid("{instance}/messages", "{\"to\":\"+14155550123\"}", "body"),
          new Invalid("{instance}/messages", message("\"+14155550123\"", "\"Hello\""), "body"),
          new Invalid("{instance}/messages", message("\"+14155550123\"", "{}"), "body.type"),
          new Invalid(
              "{instance}/messages",
              message("\"+14155550123\"", "{\"type\":\"poem\",\"text\":\"x\"}"),
              "body.type"),
          new Invalid(
              "{instance}/messages",
              message("\"+14155550123\"", "{\"type\":\"text\"}"),
              "body.text"),
          new Invalid("{instance}/messages", TestApi.text("+14155550123", ""), "body.text"),
          new Invalid(
              "{instance}/messages",
              TestApi.text("+14155550123", "ñ".repeat(16 * 1024 + 1)),
              "body.text"),
          new Invalid(
              "{instance}/messages",
              message("\"+14155550123\"", "{\"type\":\"text\",\"text\":\"a\",\"bold\":true}"),
              "body.bold"),
          new Invalid("{instance}/messages", TestApi.text("+14155550123", "a", ""), "client_ref"),
          new Invalid(
              "{instance}/messages",
              TestApi.text("+14155550123", "a", "x".repeat(201)),
              "client_ref"),
          new Invalid("/v1/webhooks", "{}", "url"),
          new Invalid("/v1/webhooks", "{\"url\":\"example.com\"}", "url"),
          new Invalid(
              "/v1/webhooks", "{\"url\":\"https://example.com/\\u1fef?token=secret\"}", "url"),
          new Invalid("/v1/webhooks", "{\"url\":\"ftp://127.0.0.1/\"}", "url"),
          new Invalid("/v1/webhooks", "{\"url\":\"https://me:secret@127.0.0.1/\"}", "url"),
          new Invalid("/v1/webhooks", "{\"url\":\"https://127.0.0.1/#top\"}", "url"),
          new Invalid("/v1/webhooks", "{\"url\":\"https://127.0.0.1:70000/\"}", "url"),
          new Invalid("/v1/webhooks", "{\"url\":\"https://10.0.0.1/\"}", "url"),
          new Invalid("/v1/webhooks", "{\"url\":\"https://169.254.169.254/latest\"}", "url"),
          new Invalid("/v1/webhooks", "{\"url\":\"https://[::ffff:10.0.0.1]/\"}", "url"),
          new Invalid("/v1/webhooks", "{\"url\":\"https://no-such-host.invalid/\"}", "url"),
          new Invalid(
              "/v1/webhooks", "{\"url\":\"http://127.0.0.1/\",\"events\":\"all\"}", "events"),
          new Invalid("/v1/webhooks", "{\"url\":\"http://127.0.0.1/\",\"events\":[1]}", "events"),
          new Invalid(
              "/v1/webhooks",
              "{\"url\":\"http://127.0.0.1/\",\"events\":[\"message.sung\"]}",
              "events"));

  @ParameterizedTest
  @FieldSource("INVALID")
  void aFieldThatIsNotAsItHasToBeIsNamed(Invalid invalid) {
    Answer answer = acme.post(invalid.path().replace("{instance}", instance), invalid.body());

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.code()).isEqualTo("invalid_field");
    assertThat(answer.field()).isEqualTo(invalid.field());
    assertThat(answer.text("/error/request_id")).isEqualTo("request-1");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{\"name\":\"a\"",
        "{'name':'a'}",
        "{\"name\":\"a\"} x",
        "nul",
        "{\"name\":1e99999999999}",
        "{\"name\":\"a\",\"metadata\":{\"\\ud83d\":1}}",
        "{\"name\":\"a\",\"name\":\"b\"}"
      })
  void whatIsNotJsonIsMalformed(String body) {
    Answer answer = acme.post("/v1/instances", body);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo("malformed_json");
  }

  @Test
  void anErrorDoesNotRepeatWhatWasSent() {
    Answer answer = acme.post("/v1/instances", "{\"name\":\"+14155550123 }");

    assertThat(answer.body().toString()).doesNotContain("14155550123");
  }

  @Test
  void jsonThatIsNestedWithoutEndIsMalformed() {
    Answer answer = acme.post("/v1/instances", "{\"metadata\":" + "[".repeat(100_000));

    assertThat(answer.status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "\"name\"", "17", "null", "true"})
  void jsonThatIsNoObjectIsInvalid(String body) {
    Answer answer = acme.post("/v1/instances", body);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.code()).isEqualTo("invalid_body");
  }

  @Test
  void aHugeBodyIsNotRead() {
    Answer answer = acme.post("/v1/instances", "{\"name\":\"" + "x".repeat(1024 * 1024) + "\"}");

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.code()).isEqualTo("payload_too_large");
  }

  static final List<String> AUTHORIZATIONS =
      Stream.of(
              "",
              "Bearer",
              "Bearer ",
              "Bearer hg_",
              "Bearer hg_" + "0".repeat(64),
              "Basic hg_" + "0".repeat(64),
              "hg_" + "0".repeat(64),
              "Bearer hg_" + "0".repeat(10_000))
          .toList();

  @ParameterizedTest
  @NullSource
  @FieldSource("AUTHORIZATIONS")
  void nobodyComesInWithoutAKeyThatWeKnow(String authorization) {
    for (String path : List.of("/v1/instances", instance, "/v1/webhooks")) {
      Answer answer = api.call(authorization, "GET", path, null);

      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.code()).isEqualTo("unauthorized");
      assertThat(answer.headers()).containsEntry("WWW-Authenticate", "Bearer");
    }
  }

  @Test
  void whetherTheApiAnswersIsNoSecret() {
    assertThat(api.call(null, "GET", "/v1/health", null).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /, 404",
    "GET, /v1, 404",
    "GET, /v2/instances, 404",
    "GET, /v1/instances/, 404",
    "GET, /v1/instances/inst_1, 404",
    "GET, /v1/instances/../webhooks, 404",
    "PUT, /v1/instances, 405",
    "POST, /v1/health, 405",
    "HEAD, /v1/webhooks, 405",
    "PATCH, /v1/webhooks/whep_1, 405",
  })
  void whatIsNotThereIsSaidSo(String method, String path, int status) {
    assertThat(acme.call(method, path, null).status()).isEqualTo(status);
  }

  @Test
  void aMethodThatAPathDoesNotTakeIsAnsweredWithThoseItTakes() {
    assertThat(acme.call("PUT", "/v1/instances", null).headers())
        .containsEntry("Allow", "POST, GET");
  }

  private static String message(String to, String body) {
    return "{\"to\":%s,\"body\":%s}".formatted(to, body);
  }
}
