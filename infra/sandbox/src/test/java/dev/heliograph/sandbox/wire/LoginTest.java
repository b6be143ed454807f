package dev.heliograph.sandbox.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.sandbox.ControlClient;
import dev.heliograph.sandbox.crypto.Bytes;
import dev.heliograph.sandbox.crypto.KeyPair;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoginTest {
  @RegisterExtension static final RunningSandbox sandbox = new RunningSandbox();

  private final ControlClient control = sandbox.control();
  private final String phone = control.createPhone("Ada");
  private final Linked linked = sandbox.link(phone);

  private WireClient open(KeyPair noise, String msisdn, int device) {
    return WireClient.open(
        sandbox.get().webSocketUri(),
        sandbox.get().rootKey(),
        noise,
        linked.companion().login(msisdn, device));
  }

  @Test
  void whoLogsInWithAnotherNoiseKeyIsLoggedOut() {
    try (WireClient client = open(KeyPair.generate(), phone, linked.device())) {
      assertThat(client.await("failure").requireText("reason")).isEqualTo("401");
    }
  }

  @Test
  void anUnknownDeviceIsLoggedOut() {
    try (WireClient client = open(linked.companion().noise, phone, linked.device() + 1)) {
      assertThat(client.await("failure").requireText("reason")).isEqualTo("401");
    }
  }

  @Test
  void aClientFinishWithOneWrongByteIsNotAnswered() {
    try (WireClient client =
        WireClient.open(
            sandbox.get().webSocketUri(),
            sandbox.get().rootKey(),
            linked.companion().noise,
            linked.companion().login(phone, linked.device()),
            clientFinish -> {
              clientFinish[clientFinish.length - 1] ^= 1;
              return clientFinish;
            })) {
      client.awaitClosed();
      assertThat(client.seen()).isEmpty();
    }
  }

  @Test
  void aForgedFrameCostsItsOwnConnectionOnly() {
    String other = control.createPhone("Bob");
    Linked others = sandbox.link(other);
    try (WireClient client = linked.logIn();
        WireClient untouched = others.logIn()) {
      byte[] frame = client.encrypt(NodeEncoder.encode(WireClient.iq("get", "w:p")));
      frame[0] ^= 1;
      client.sendFrame(frame);

      client.awaitClosed();
      assertThat(untouched.ask(WireClient.iq("get", "w:p")).requireText("type"))
          .isEqualTo("result");
    }
  }

  @Test
  void aFrameThatHoldsNoNodeEndsTheStream() {
    try (WireClient client = linked.logIn()) {
      client.sendFrame(client.encrypt(new byte[] {0, 1, 2, 3}));

      assertThat(client.await("stream:error").child("xml-not-well-formed")).isPresent();
    }
  }

  @Test
  void aSecondLoginReplacesTheFirst() {
    try (WireClient first = linked.logIn();
        WireClient second = linked.logIn()) {
      Node conflict = first.await("stream:error").requireChild("conflict");

      assertThat(conflict.requireText("type")).isEqualTo("replaced");
      assertThat(second.ask(WireClient.iq("get", "w:p")).requireText("type")).isEqualTo("result");
    }
  }

  @Test
  void whoIsConnectedIsListedAsLongAsItIs() {
    JsonObject self =
        new JsonObject().put("lid", control.lid(phone)).put("device", linked.device());
    try (WireClient client = linked.logIn()) {
      assertThat(client.ask(WireClient.iq("get", "w:p")).requireText("type")).isEqualTo("result");

      assertThat(control.connected()).contains(self);
    }
    await()
        .atMost(WireClient.PATIENCE)
        .untilAsserted(() -> assertThat(control.connected()).doesNotContain(self));
  }

  @Test
  void anUnlinkedCompanionIsToldAtOnceAndAgainAtItsNextLogin() {
    try (WireClient client = linked.logIn()) {
      control.unlink(phone, linked.device());

      Node error = client.await("stream:error");
      assertThat(error.requireText("code")).isEqualTo("401");
      assertThat(error.requireChild("conflict").requireText("type")).isEqualTo("device_removed");
    }
    try (WireClient client = linked.connect()) {
      assertThat(client.await("failure").requireText("reason")).isEqualTo("401");
    }
  }

  @Test
  void aCompanionThatLogsOutIsUnlinked() {
    try (WireClient client = linked.logIn()) {
      Node answer =
          client.ask(
              WireClient.iq(
                  "set",
                  "md",
                  Node.of("remove-companion-device")
                      .with("jid", new Jid(phone, linked.device(), Jid.PHONE_NUMBERS))
                      .with("reason", "user_initiated")));

      assertThat(answer.requireText("type")).isEqualTo("result");
      assertThat(client.await("stream:error").requireText("code")).isEqualTo("401");
    }
    assertThat(control.devices(phone)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {402, 405, 503})
  void aPlannedRefusalIsGivenAsOftenAsPlanned(int reason) {
    control.planFaults(
        phone,
        new JsonObject()
            .put(
                "refuse_login",
                new JsonObject().put("reason", reason).put("code", 101).put("expire", 3600)));

    try (WireClient client = linked.connect()) {
      Node failure = client.await("failure");
      assertThat(failure.requireText("reason")).isEqualTo(Integer.toString(reason));
      assertThat(failure.requireText("expire")).isEqualTo("3600");
    }
    try (WireClient client = linked.connect()) {
      client.await("success");
    }
  }

  @Test
  void aStreamCanBeEndedWithAnyCode() {
    try (WireClient client = linked.logIn()) {
      control.act(phone, linked.device(), "end", new JsonObject().put("code", 503));

      assertThat(client.await("stream:error").requireText("code")).isEqualTo("503");
      await()
          .atMost(WireClient.PATIENCE)
          .until(() -> !control.device(phone, linked.device()).getBoolean("connected"));
    }
  }

  @Test
  void aConnectionCanBeDropped() {
    try (WireClient client = linked.logIn()) {
      control.drop(phone, linked.device());

      client.awaitClosed();
    }
  }

  @Test
  void garbageCanBeSentPastNoise() {
    try (WireClient client = linked.logIn()) {
      control.act(phone, linked.device(), "garbage", new JsonObject().put("kind", "frame"));

      // The client's own decoder gives up.
      client.awaitClosed();
    }
  }

  @Test
  void garbageCanBeSentAsAMessage() {
    try (WireClient client = linked.logIn()) {
      control.act(phone, linked.device(), "garbage", new JsonObject().put("kind", "message"));

      Node message = client.await("message");
      assertThat(message.requireJid("from")).isEqualTo(Jid.lid(control.lid(phone)));
      assertThat(message.requireChild("enc").bytes()).hasSize(64);
    }
  }

  @Test
  void routingInfoBeforeTheIntroIsSkippedAndBordersOfWebSocketMessagesMeanNothing() {
    try (WireClient client = WireClient.raw(sandbox.get().webSocketUri())) {
      byte[] routing = "anything".getBytes(StandardCharsets.US_ASCII);
      byte[] hello = new byte[36];
      hello[0] = 0x12;
      hello[1] = 34;
      hello[2] = 0x0a;
      hello[3] = 32;
      byte[] stream =
          Bytes.concat(
              new byte[] {'E', 'D', 0, 1},
              Bytes.bigEndian(routing.length, 3),
              routing,
              Frames.INTRO,
              Frames.frame(Bytes.concat(hello, new byte[0])));
      for (byte octet : stream) {
        client.sendBytes(new byte[] {octet});
      }

      assertThat(client.takeFrame()).isNotEmpty();
    }
  }
}
