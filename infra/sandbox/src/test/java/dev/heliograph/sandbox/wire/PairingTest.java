package dev.heliograph.sandbox.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.heliograph.sandbox.ControlClient;
import dev.heliograph.sandbox.ControlClient.Answer;
import dev.heliograph.sandbox.proto.ADVSignedDeviceIdentity;
import dev.heliograph.sandbox.proto.ClientPayload.DevicePairingRegistrationData;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PairingTest {
  @RegisterExtension static final RunningSandbox sandbox = new RunningSandbox();

  private final ControlClient control = sandbox.control();
  private final String phone = control.createPhone("Ada");

  private Answer scan(String qr) {
    return control.call("POST", "/phones/" + phone + "/scan", new JsonObject().put("qr", qr));
  }

  private static String error(Answer answer) {
    return answer.status() + " " + answer.body().getString("error");
  }

  private static byte[] flipped(byte[] bytes) {
    byte[] other = bytes.clone();
    other[other.length / 2] ^= 1;
    return other;
  }

  private static ByteString flipped(ByteString bytes) {
    return ByteString.copyFrom(flipped(bytes.toByteArray()));
  }

  @Test
  void aScannedClientBecomesADeviceThatCanLogIn() {
    Linked linked = sandbox.link(phone);

    try (WireClient client = linked.connect()) {
      Node success = client.await("success");
      assertThat(success.requireJid("lid"))
          .isEqualTo(new Jid(control.lid(phone), linked.device(), Jid.LIDS));
    }
    assertThat(control.device(phone, linked.device()).getString("name")).isEqualTo("Test");
  }

  @Test
  void theOldQrTextWithoutALinkIsReadToo() {
    Companion companion = new Companion();
    try (WireClient client = sandbox.register(companion)) {
      String qr = companion.qr(Linked.firstRef(client));
      CompletableFuture<Answer> answer =
          CompletableFuture.supplyAsync(() -> scan(qr.substring(qr.indexOf('#') + 1)));
      Node pairSuccess = client.await(node -> node.child("pair-success").isPresent());
      client.send(Linked.answer(pairSuccess, Linked.sign(companion, pairSuccess)));

      assertThat(client.await("stream:error").requireText("code")).isEqualTo("515");
      assertThat(answer.join().status()).isEqualTo(200);
    }
  }

  static Stream<Arguments> forgedQrs() {
    return Stream.of(
        Arguments.of("ref", "404 qr_unknown"),
        Arguments.of("noise", "422 qr_forged"),
        Arguments.of("identity", "422 qr_forged"),
        Arguments.of("length", "422 qr_malformed"));
  }

  @ParameterizedTest
  @MethodSource("forgedQrs")
  void aQrTextWithOneWrongByteLinksNothing(String part, String expected) {
    Companion companion = new Companion();
    try (WireClient client = sandbox.register(companion)) {
      String ref = Linked.firstRef(client);
      byte[] noise = companion.noise.publicKey();
      byte[] identity = companion.identity.publicKey();
      String qr =
          switch (part) {
            case "ref" -> companion.qr(ref + "x");
            case "noise" -> Companion.qr(ref, flipped(noise), identity, companion.advSecret);
            case "identity" -> Companion.qr(ref, noise, flipped(identity), companion.advSecret);
            default -> Companion.qr(ref, noise, new byte[31], companion.advSecret);
          };

      assertThat(error(scan(qr))).isEqualTo(expected);
      assertThat(control.devices(phone)).isEmpty();
    }
  }

  @Test
  void aCompanionThatDoesNotBelieveThePhoneIsNotLinked() {
    Companion companion = new Companion();
    try (WireClient client = sandbox.register(companion)) {
      String qr = companion.qr(Linked.firstRef(client));
      CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() -> scan(qr));
      Node pairSuccess = client.await(node -> node.child("pair-success").isPresent());
      client.send(
          Node.of("iq", Node.of("error").with("code", 401).with("text", "hmac-mismatch"))
              .with("to", Jid.SERVER)
              .with("type", "error")
              .with("id", pairSuccess.requireText("id")));

      assertThat(error(answer.join())).isEqualTo("422 companion_refused");
      assertThat(control.devices(phone)).isEmpty();
    }
  }

  static Stream<UnaryOperator<ADVSignedDeviceIdentity>> forgedIdentities() {
    return Stream.of(
        signed -> signed.toBuilder().setDetails(flipped(signed.getDetails())).build(),
        signed ->
            signed.toBuilder().setAccountSignature(flipped(signed.getAccountSignature())).build(),
        signed ->
            signed.toBuilder().setDeviceSignature(flipped(signed.getDeviceSignature())).build(),
        signed -> signed.toBuilder().clearDeviceSignature().build());
  }

  @ParameterizedTest
  @MethodSource("forgedIdentities")
  void aCompanionsIdentityWithOneWrongByteIsNotLinked(
      UnaryOperator<ADVSignedDeviceIdentity> forgery) {
    Companion companion = new Companion();
    try (WireClient client = sandbox.register(companion)) {
      String qr = companion.qr(Linked.firstRef(client));
      CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() -> scan(qr));
      Node pairSuccess = client.await(node -> node.child("pair-success").isPresent());
      client.send(Linked.answer(pairSuccess, forgery.apply(Linked.sign(companion, pairSuccess))));

      assertThat(error(answer.join())).isEqualTo("422 device_signature_wrong");
      assertThat(control.devices(phone)).isEmpty();
    }
  }

  static Stream<UnaryOperator<DevicePairingRegistrationData>> forgedRegistrations() {
    return Stream.of(
        data -> data.toBuilder().setEIdent(flipped(data.getEIdent())).build(),
        data -> data.toBuilder().setESkeyVal(flipped(data.getESkeyVal())).build(),
        data -> data.toBuilder().setESkeySig(flipped(data.getESkeySig())).build(),
        data -> data.toBuilder().setEKeytype(ByteString.copyFrom(new byte[] {4})).build(),
        data -> data.toBuilder().clearESkeyId().build());
  }

  @ParameterizedTest
  @MethodSource("forgedRegistrations")
  void aRegistrationWithOneWrongByteGetsNoRefs(
      UnaryOperator<DevicePairingRegistrationData> forgery) {
    Companion companion = new Companion();
    var payload = companion.registration();
    payload.setDevicePairingData(forgery.apply(payload.getDevicePairingData()));

    try (WireClient client =
        WireClient.open(
            sandbox.get().webSocketUri(),
            sandbox.get().rootKey(),
            companion.noise,
            payload.build())) {
      assertThat(client.await("failure").requireText("reason")).isEqualTo("400");
      assertThat(client.seen()).noneMatch(node -> node.is("iq"));
    }
  }

  @Test
  void aRefIsGoodOnlyWhileItIsShown() {
    Companion companion = new Companion();
    try (WireClient client = sandbox.register(companion)) {
      var refs =
          client
              .await(node -> node.child("pair-device").isPresent())
              .requireChild("pair-device")
              .children("ref");
      assertThat(refs).hasSize(6);
      String first = companion.qr(refs.getFirst().contentText());
      String second = companion.qr(refs.get(1).contentText());

      assertThat(error(scan(second))).isEqualTo("409 qr_expired");

      sandbox.advance(Duration.ofSeconds(65));
      assertThat(error(scan(first))).isEqualTo("409 qr_expired");

      CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() -> scan(second));
      Node pairSuccess = client.await(node -> node.child("pair-success").isPresent());
      assertThat(error(scan(second))).isEqualTo("409 qr_used");
      client.send(Linked.answer(pairSuccess, Linked.sign(companion, pairSuccess)));
      assertThat(answer.join().status()).isEqualTo(200);
    }
  }

  @Test
  void whenTheLastRefHasBeenShownTheServerCloses() {
    try (WireClient client = sandbox.register(new Companion())) {
      Linked.firstRef(client);

      // The last one is shown from 140 s to 160 s; the clock goes on by itself, too.
      sandbox.advance(Duration.ofSeconds(145));
      assertThat(client.isClosed()).isFalse();

      sandbox.advance(Duration.ofSeconds(16));
      client.awaitClosed();
    }
  }

  @Test
  void aCompanionThatLeavesInTheMiddleFailsTheScan() {
    Companion companion = new Companion();
    try (WireClient client = sandbox.register(companion)) {
      String qr = companion.qr(Linked.firstRef(client));
      CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() -> scan(qr));
      client.await(node -> node.child("pair-success").isPresent());
      client.vanish();

      await().atMost(WireClient.PATIENCE).until(answer::isDone);
      assertThat(error(answer.join())).isEqualTo("409 companion_gone");
    }
  }
}
