package dev.heliograph.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.sandbox.ControlClient.Answer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ControlApiTest {
  private static final String ADA = "15551110001";
  private static final String BOB = "15551110002";

  private final Sandbox sandbox;
  private final ControlClient control;

  ControlApiTest(@TempDir Path folder) {
    sandbox = Sandbox.start(SandboxOptions.in(folder));
    control = new ControlClient(sandbox.controlUri());
  }

  @BeforeAll
  void createPhones() {
    assertThat(create(ADA).status()).isEqualTo(201);
    assertThat(create(BOB).status()).isEqualTo(201);
  }

  @AfterAll
  void stop() {
    sandbox.close();
  }

  private Answer create(String msisdn) {
    return control.call("POST", "/phones", new JsonObject().put("msisdn", msisdn));
  }

  @Test
  void phonesWriteToEachOther() {
    String id = control.send(ADA, BOB, "hello");
    control.read(BOB, id);

    assertThat(control.messages(BOB))
        .anySatisfy(
            message -> {
              assertThat(message.getString("id")).isEqualTo(id);
              assertThat(message.getString("from")).isEqualTo(ADA);
              assertThat(message.getString("from_lid")).isEqualTo(control.lid(ADA));
              assertThat(message.getString("text")).isEqualTo("hello");
              assertThat(message.getBoolean("device_sent")).isFalse();
            });
    assertThat(control.receipts(ADA))
        .filteredOn(receipt -> receipt.getString("id").equals(id))
        .extracting(receipt -> receipt.getString("type"))
        .containsExactly("delivery", "read");
  }

  @Test
  void aMessageIdIsSentOnce() {
    JsonObject message = new JsonObject().put("to", BOB).put("text", "once").put("id", "MY-ID");

    assertThat(control.call("POST", "/phones/" + ADA + "/messages", message).status())
        .isEqualTo(201);
    assertThat(control.call("POST", "/phones/" + ADA + "/messages", message).status())
        .isEqualTo(200);

    assertThat(control.texts(BOB)).containsOnlyOnce("once");
  }

  @Test
  void aNumberWithAPlusIsTheSameNumber() {
    assertThat(create("+" + ADA).status()).isEqualTo(409);
  }

  @Test
  void aPhoneWithoutAWishForANumberGetsAFreeOne() {
    Answer created = control.call("POST", "/phones", new JsonObject());

    assertThat(created.status()).isEqualTo(201);
    assertThat(created.body().getString("lid")).isNotEqualTo(created.body().getString("msisdn"));
    assertThat(control.call("GET", "/phones", new JsonObject()).body().encode())
        .contains(created.body().getString("msisdn"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          POST   | /phones                               | {"msisdn":"12"}                    | 422 | msisdn_malformed
          POST   | /phones                               | {"msisdn":12}                      | 400 | field_malformed
          POST   | /phones                               | {"msisdn":"15551110001"}           | 409 | phone_exists
          GET    | /phones/1                             | {}                                 | 404 | phone_not_found
          POST   | /phones/15551110001/messages          | {"to":"15551110002"}               | 400 | field_missing
          POST   | /phones/15551110001/messages          | {"to":"19999999999","text":"x"}    | 422 | recipient_unknown
          POST   | /phones/15551110001/messages/NO/read  | {}                                 | 404 | message_not_found
          POST   | /phones/15551110001/scan              | {}                                 | 400 | field_missing
          POST   | /phones/15551110001/scan              | {"qr":"nonsense"}                  | 422 | qr_malformed
          DELETE | /phones/15551110001/devices/1         | {}                                 | 404 | device_not_found
          DELETE | /phones/15551110001/devices/0         | {}                                 | 404 | device_not_found
          DELETE | /phones/15551110001/devices/x         | {}                                 | 400 | device_malformed
          PUT    | /faults                               | {"ack_loss":2}                     | 400 | field_malformed
          PUT    | /faults                               | {"acks_to_lose":-1}                | 400 | field_malformed
          PUT    | /faults                               | {"refuse_login":{}}                | 400 | field_missing
          PUT    | /faults                               | {"ack_lost":1}                     | 400 | field_unknown
          PUT    | /faults                               | {"refuse_login":{"why":1}}         | 400 | field_unknown
          POST   | /phones                               | {"pushname":"Ada"}                 | 400 | field_unknown
          POST   | /phones/15551110001/scan              | {"qr":"x","text":"y"}              | 400 | field_unknown
          PATCH  | /phones                               | {}                                 | 405 | method_not_allowed
          GET    | /nothing                              | {}                                 | 404 | path_not_found
          """)
  void aCallThatCannotBeDoneSaysWhy(
      String method, String path, String body, int status, String error) {
    Answer answer = control.call(method, path, new JsonObject(body));

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body().getString("error")).isEqualTo(error);
    assertThat(answer.body().getString("message")).isNotBlank();
  }

  @Test
  void aFieldThatThereIsNotIsNamedAndChangesNothing() {
    control.planFaults(BOB, new JsonObject().put("ack_loss", 0.5));

    Answer answer =
        control.call("PUT", "/phones/" + BOB + "/faults", new JsonObject().put("acks_lost", 1));

    assertThat(answer.body().getString("message")).contains("\"acks_lost\"");
    assertThat(
            control
                .call("GET", "/phones/" + BOB + "/faults", new JsonObject())
                .body()
                .getDouble("ack_loss"))
        .isEqualTo(0.5);
    control.planFaults(BOB, new JsonObject());
  }

  @Test
  void aBodyThatIsNotJsonIsRefused() throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(sandbox.controlUri().resolve("/phones"))
            .POST(HttpRequest.BodyPublishers.ofString("[1"))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      var answer = http.send(request, BodyHandlers.ofString());

      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("body_malformed");
    }
  }

  @Test
  void theRootKeyIsTold() throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      var answer =
          http.send(
              HttpRequest.newBuilder(sandbox.controlUri().resolve("/root-key")).build(),
              BodyHandlers.ofString());

      assertThat(answer.body().strip()).isEqualTo(sandbox.rootKey()).matches("[0-9a-f]{64}");
    }
  }

  @Test
  void aPlanOfFaultsIsPutAsAWhole() {
    control.planFaults(ADA, new JsonObject().put("dedup", false).put("acks_to_lose", 2));
    control.planFaults(ADA, new JsonObject().put("ack_loss", 0.5));

    JsonObject plan = control.call("GET", "/phones/" + ADA + "/faults", new JsonObject()).body();
    assertThat(plan.getBoolean("dedup")).isTrue();
    assertThat(plan.getInteger("acks_to_lose")).isZero();
    assertThat(plan.getDouble("ack_loss")).isEqualTo(0.5);
  }
}
