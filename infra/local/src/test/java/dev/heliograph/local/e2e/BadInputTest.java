package dev.heliograph.local.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.local.e2e.ApiClient.Answer;
import dev.heliograph.local.e2e.Customer.Paired;
import dev.heliograph.sandbox.ControlClient;
import dev.heliograph.sandbox.Sandbox;
import dev.heliograph.sandbox.SandboxOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What is wrong costs whoever sends it an answer or a connection, and nobody else anything. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {
  private static final String MESSAGES = "/v1/instances/{bystander}/messages";

  @TempDir static Path folder;

  private Sandbox sandbox;
  private BadLine line;
  private WebhookReceiver webhooks;
  private JavaProcess gateway;
  private ApiClient api;
  private ControlClient phones;
  private Customer customer;
  private Paired bystander;
  private String friend;
  private int texts;

  @BeforeAll
  void start() throws IOException {
    sandbox = Sandbox.start(SandboxOptions.in(folder.resolve("sandbox")));
    line = BadLine.to(sandbox.webSocketUri());
    webhooks = WebhookReceiver.start();
    gateway =
        Gateway.of(this, folder)
            .talkingTo(line.webSocketUri(), sandbox.rootKey())
            .with(Map.of("HEARTBEAT_INTERVAL_MS", "1000"))
            .start();
    api = new ApiClient(Gateway.apiOf(gateway), Gateway.keyOf(gateway));
    phones = new ControlClient(sandbox.controlUri());
    customer = new Customer(api, phones, webhooks).subscribe();
    bystander = customer.pair("Bystander");
    friend = phones.createPhone("Friend");
  }

  @AfterAll
  void stop() throws IOException {
    gateway.close();
    line.close();
    webhooks.close();
    sandbox.close();
  }

  @AfterEach
  void theBystanderHasNoticedNothing() throws IOException {
    String text = "text " + ++texts;
    String message = api.send(bystander.instance(), friend, text, text);

    customer.awaitMessage(bystander.instance(), message, "delivered");
    assertThat(webhooks.types(bystander.instance())).doesNotContain("instance.disconnected");
    assertThat(phones.texts(friend)).hasSize(texts);
  }

  /** What is sent, and the answer to it. */
  record Refused(String path, String body, int status, String error) {
    static Refused invalid(String path, String body) {
      return new Refused(path, body, 422, "invalid_field");
    }

    @Override
    public String toString() {
      return body.substring(0, Math.min(60, body.length()));
    }
  }

  static final List<Refused> REFUSED =
      List.of(
          Refused.invalid("/v1/instances", "{\"name\":\"a\",\"nmae\":\"b\"}"),
          Refused.invalid("/v1/instances", "{\"name\":[17]}"),
          Refused.invalid("/v1/instances", "{\"name\":\"\"}"),
          Refused.invalid(MESSAGES, "{\"to\":\"12\",\"body\":{\"type\":\"text\",\"text\":\"x\"}}"),
          Refused.invalid(MESSAGES, "{\"to\":\"+14155550123\",\"body\":{\"type\":\"poem\"}}"),
          new Refused("/v1/instances", "{\"name\":", 400, "malformed_json"),
          new Refused("/v1/instances", "name=a", 400, "malformed_json"),
          new Refused(
              "/v1/instances",
              "{\"name\":\"" + "x".repeat(2_000_000) + "\"}",
              413,
              "payload_too_large"));

  @ParameterizedTest
  @FieldSource("REFUSED")
  void aRequestThatMakesNoSenseIsRefused(Refused request) throws IOException {
    String path = request.path().replace("{bystander}", bystander.instance());

    Answer answer = api.callWith("POST", path, request.body());

    assertThat(answer.status()).isEqualTo(request.status());
    assertThat(answer.error()).isEqualTo(request.error());
  }

  @Test
  void moreThanTheGatewayTakesIsRefusedByItself() throws IOException {
    assertThat(api.callWith("POST", "/v1/instances", "x".repeat(11_000_000)).status())
        .isEqualTo(413);
  }

  @Test
  void nobodyIsLetInWithoutAKeyThatWasGivenOut() throws IOException {
    for (String key : List.of("", "hg_" + "0".repeat(64), "' OR 1=1", "x".repeat(5_000))) {
      ApiClient stranger = new ApiClient(Gateway.apiOf(gateway), key);

      assertThat(stranger.instance(bystander.instance()).status()).as(key).isEqualTo(401);
    }
  }

  @Test
  void whoCannotReachWhatsAppTriesUntilItIsThere() throws IOException {
    line.set(BadLine.State.UNREACHABLE);

    patientlyScan("Early");
  }

  @Test
  void whoIsAnsweredWithGarbageTriesUntilItIsSense() throws IOException {
    line.set(BadLine.State.GARBAGE);

    patientlyScan("Misled");
  }

  /** Asks for a code while there is none, and has it scanned when there is. */
  private void patientlyScan(String name) throws IOException {
    String instance = api.createInstance(name);
    int before = line.connections();
    Answer answer = api.qr(instance);
    Customer.eventually(() -> assertThat(line.connections()).isGreaterThan(before + 1));
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.error()).isEqualTo("qr_not_ready");
    assertThat(api.status(instance)).isIn("pending", "connecting");

    line.set(BadLine.State.FAIR);

    customer.pair(instance, phones.createPhone(name));
    customer.awaitEvents(
        instance,
        List.of("instance.connecting", "instance.qr", "instance.connecting", "instance.connected"));
  }

  @Test
  void aFrameThatIsGarbageCostsItsConnectionAtMost() throws IOException {
    Paired number = customer.pair("Disturbed");
    int before = line.connections();

    line.sendGarbage();
    Customer.eventually(() -> assertThat(line.connections()).isGreaterThan(before));
    customer.awaitStatus(number.instance(), "connected");
    customer.send(number, friend, "text " + ++texts, "after the garbage");
    phones.send(friend, number.msisdn(), "and back");

    customer.awaitEvent(number.instance(), "message.delivered");
    Customer.eventually(
        () -> assertThat(customer.textsReceived(number.instance())).containsExactly("and back"));
    assertThat(webhooks.types(number.instance())).doesNotContain("instance.failed");
    assertThat(phones.defects(number.msisdn(), number.device())).isEmpty();
  }
}
