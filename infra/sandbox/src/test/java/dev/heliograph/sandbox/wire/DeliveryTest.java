package dev.heliograph.sandbox.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.heliograph.sandbox.ControlClient;
import dev.heliograph.sandbox.crypto.Bytes;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Ada and Bob have a phone and a companion each; Ada's companion writes. */
class DeliveryTest {
  @RegisterExtension static final RunningSandbox sandbox = new RunningSandbox();

  private final ControlClient control = sandbox.control();
  private final String ada = control.createPhone("Ada");
  private final String bob = control.createPhone("Bob");
  private final Linked adas = sandbox.link(ada);
  private final Linked bobs = sandbox.link(bob);
  private final WireClient client = adas.logIn();
  private final Writer writer = new Writer(adas, control.lid(ada));

  DeliveryTest() {
    bobs.logIn().close();
    await()
        .atMost(WireClient.PATIENCE)
        .until(() -> !control.device(bob, 1).getBoolean("connected"));
  }

  @AfterEach
  void leave() {
    client.close();
    control.planFaults(ada, new JsonObject());
  }

  private Node compose(String id, String text) {
    return writer.compose(client, control.lid(bob), id, text);
  }

  private Node send(Node message) {
    client.send(message);
    return client.await(node -> node.is("ack") && node.text("id").equals(message.text("id")));
  }

  private static Node receipt(Node message) {
    return Node.of("receipt")
        .with("id", message.requireText("id"))
        .with("to", message.requireJid("from"));
  }

  @Test
  void aMessageReachesEveryDeviceAndIsDatedInItsAck() {
    Node ack = send(compose("M1", "hello"));

    assertThat(ack.requireText("class")).isEqualTo("message");
    assertThat(ack.requireJid("from")).isEqualTo(Jid.lid(control.lid(bob)));
    assertThat(ack.has("t")).isTrue();
    assertThat(ack.has("error")).isFalse();
    assertThat(ack.has("phash")).isFalse();
    assertThat(control.texts(bob)).containsExactly("hello");
    assertThat(control.messages(ada))
        .singleElement()
        .satisfies(
            copy -> {
              assertThat(copy.getBoolean("device_sent")).isTrue();
              assertThat(copy.getString("chat")).isEqualTo(bob);
              assertThat(copy.getInteger("from_device")).isEqualTo(adas.device());
            });
    try (WireClient bobsClient = bobs.logIn()) {
      Node message = bobsClient.await("message");
      assertThat(message.requireJid("from"))
          .isEqualTo(new Jid(control.lid(ada), adas.device(), Jid.LIDS));
      assertThat(message.requireJid("sender_pn")).isEqualTo(Jid.pn(ada));
      assertThat(message.requireText("t")).isEqualTo(ack.requireText("t"));
      assertThat(message.child("participants")).isEmpty();
      assertThat(message.requireChild("enc").requireText("type")).isEqualTo("pkmsg");
      assertThat(message.child("device-identity")).isPresent();
    }
    assertThat(control.defects(ada, adas.device())).isEmpty();
  }

  @Test
  void whatIsNotAnsweredComesAgainAndWhatIsDoesNot() {
    send(compose("M1", "one"));
    send(compose("M2", "two"));
    try (WireClient first = bobs.logIn()) {
      first.send(receipt(first.await("message")));
      assertThat(first.await("message").requireText("offline")).isEqualTo("1");
      assertThat(
              first
                  .await(node -> node.child("offline").isPresent())
                  .requireChild("offline")
                  .requireText("count"))
          .isEqualTo("2");
      first.await(node -> node.is("ack"));
    }

    try (WireClient second = bobs.logIn()) {
      Node message = second.await("message");

      assertThat(message.requireText("id")).isEqualTo("M2");
      second.send(
          Node.of("ack")
              .with("class", "message")
              .with("id", "M2")
              .with("to", message.requireJid("from")));
      await()
          .atMost(WireClient.PATIENCE)
          .until(() -> control.device(bob, 1).getInteger("queue") == 0);
    }
    assertThat(control.defects(bob, 1)).isEmpty();
  }

  @Test
  void theEndOfTheQueueIsAnnouncedAlsoWhenItIsEmpty() {
    try (WireClient bobsClient = bobs.logIn()) {
      Node offline = bobsClient.await(node -> node.child("offline").isPresent());

      assertThat(offline.requireChild("offline").requireText("count")).isEqualTo("0");
    }
  }

  @Test
  void aReplayIsAckedWithTheSameDateAndDeliveredOnce() {
    Node message = compose("M1", "once");
    Node first = send(message);
    Node second = send(message);

    assertThat(second.requireText("t")).isEqualTo(first.requireText("t"));
    assertThat(control.texts(bob)).containsExactly("once");
    assertThat(control.device(bob, 1).getInteger("queue")).isEqualTo(1);
    assertThat(control.defects(ada, 1)).isEmpty();
  }

  @Test
  void anotherCiphertextUnderTheSameIdIsNoted() {
    send(compose("M1", "once"));
    send(compose("M1", "twice"));

    assertThat(control.texts(bob)).containsExactly("once");
    assertThat(control.defects(ada, 1)).containsExactly("replay_differs");
  }

  @Test
  void withoutDedupARepeatArrivesAgain() {
    control.planFaults(ada, new JsonObject().put("dedup", false));
    send(compose("M1", "twice"));
    send(compose("M1", "twice"));

    assertThat(control.texts(bob)).containsExactly("twice", "twice");
    assertThat(control.device(bob, 1).getInteger("queue")).isEqualTo(2);
  }

  @Test
  void aPlannedAckIsLostAndTheMessageIsNot() {
    control.planFaults(ada, new JsonObject().put("acks_to_lose", 1));
    Node message = compose("M1", "hello");
    client.send(message);
    await().atMost(WireClient.PATIENCE).until(() -> control.texts(bob).equals(List.of("hello")));

    Node ack = send(message);

    assertThat(client.seen()).filteredOn(node -> node.is("ack")).containsExactly(ack);
    assertThat(control.texts(bob)).containsExactly("hello");
  }

  @Test
  void aLostReceiptLeavesTheMessageInTheQueue() {
    send(compose("M1", "hello"));
    control.planFaults(bob, new JsonObject().put("receipts_to_lose", 1));
    try (WireClient bobsClient = bobs.logIn()) {
      bobsClient.send(receipt(bobsClient.await("message")));
      bobsClient.ask(WireClient.iq("get", "w:p"));
    }
    try (WireClient bobsClient = bobs.logIn()) {
      bobsClient.send(receipt(bobsClient.await("message")));
      bobsClient.await("ack");
    }
    assertThat(control.device(bob, 1).getInteger("queue")).isZero();
  }

  @Test
  void aReceiptReachesTheSenderOnceForEachDeviceThatGivesIt() {
    send(compose("M1", "hello"));
    try (WireClient bobsClient = bobs.logIn()) {
      Node message = bobsClient.await("message");
      bobsClient.send(receipt(message));
      bobsClient.send(receipt(message));
      bobsClient.send(receipt(message).with("type", "read"));
      bobsClient.await(node -> node.is("ack") && node.has("type"));
    }

    client.await(node -> node.text("type").filter("read"::equals).isPresent());
    Jid bareBob = Jid.lid(control.lid(bob));
    assertThat(client.seen())
        .filteredOn(node -> node.is("receipt"))
        .extracting(node -> node.requireJid("from"), node -> node.text("type").orElse("delivered"))
        .containsExactlyInAnyOrder(
            tuple(Jid.lid(control.lid(ada)), "sender"),
            tuple(bareBob, "delivered"),
            tuple(bareBob, "delivered"),
            tuple(bareBob, "read"));
  }

  @Test
  void aDeviceThatCannotReadGetsTheResendThatItAskedFor() {
    Node message = compose("M1", "hello");
    send(message);
    try (WireClient bobsClient = bobs.logIn()) {
      Node received = bobsClient.await("message");
      bobsClient.send(
          receipt(received)
              .with("type", "retry")
              .with(Node.of("retry").with("count", 1).with("id", "M1"))
              .with(Node.of("registration", Bytes.bigEndian(7, 4))));
      Node retry =
          client.await(
              node -> node.is("receipt") && node.text("type").filter("retry"::equals).isPresent());
      assertThat(retry.requireJid("from")).isEqualTo(new Jid(control.lid(bob), 1, Jid.LIDS));
      assertThat(retry.requireChild("registration").bytes()).hasSize(4);

      Node enc = Node.of("enc", enc(1)).with("v", "2").with("type", "msg").with("count", 1);
      Node resend =
          Node.of("message", enc)
              .with("id", "M1")
              .with("to", retry.requireJid("from"))
              .with("type", "text");
      send(resend);
      send(resend);

      Node again = bobsClient.await("message");
      assertThat(again.requireChild("enc").requireText("count")).isEqualTo("1");
      bobsClient.ask(WireClient.iq("get", "w:p"));
      assertThat(bobsClient.seen()).filteredOn(node -> node.is("message")).hasSize(2);
    }
    assertThat(control.device(bob, 1).getInteger("retry_receipts_sent")).isEqualTo(1);
    assertThat(control.device(ada, 1).getInteger("retry_receipts_received")).isEqualTo(1);
    assertThat(control.texts(bob)).containsExactly("hello");
    assertThat(control.defects(ada, 1)).isEmpty();
  }

  /** The outside of a Signal message at this place of a ratchet. */
  private static byte[] enc(int counter) {
    byte[] ratchetKey = new byte[33];
    ratchetKey[0] = 5;
    return Bytes.concat(
        new byte[] {0x33, 0x0a, 33},
        ratchetKey,
        new byte[] {0x10, (byte) counter, 0x22, 1, 0},
        new byte[8]);
  }

  @Test
  void aPhoneAsksForWhatItCannotReadAndGivesUpAfterFiveTimes() {
    Node garbage =
        Node.of("message", Node.of("enc", enc(1)).with("v", "2").with("type", "msg"))
            .with("id", "M1")
            .with("to", Jid.lid(control.lid(bob)))
            .with("type", "text");
    for (int i = 0; i < 7; i++) {
      send(garbage);
    }

    assertThat(client.seen())
        .filteredOn(node -> node.is("receipt"))
        .hasSize(5)
        .extracting(receipt -> receipt.child("keys").isPresent())
        .containsExactly(false, true, true, true, true);
    assertThat(control.stats(bob).getInteger("retry_sent")).isEqualTo(5);
    assertThat(control.texts(bob)).isEmpty();
  }

  @Test
  void whatAClientMayNotDoIsNoted() {
    Node message = compose("M1", "hello");
    Node participants = message.requireChild("participants");
    Node toPhoneOnly =
        Node.of("message", Node.of("participants", participants.children().getFirst()))
            .with("id", "M2")
            .with("to", Jid.pn(bob))
            .with("type", "text");

    Node ack = send(toPhoneOnly);

    assertThat(ack.has("phash")).isTrue();
    assertThat(control.defects(ada, 1))
        .containsExactly("addressed_to_phone_number", "device_identity_wrong", "device_left_out");
    assertThat(control.texts(bob)).containsExactly("hello");
  }

  @Test
  void aRatchetStepThatIsUsedTwiceIsNoted() {
    for (byte other = 0; other < 2; other++) {
      byte[] ciphertext = enc(4);
      ciphertext[ciphertext.length - 9] = other;
      send(
          Node.of("message", Node.of("enc", ciphertext).with("v", "2").with("type", "msg"))
              .with("id", "M" + other)
              .with("to", new Jid(control.lid(bob), 1, Jid.LIDS))
              .with("type", "text"));
    }

    assertThat(control.defects(ada, 1)).containsExactly("ratchet_step_reused");
  }

  @Test
  void aDeviceIdentityWithOneWrongByteIsNoted() {
    Node message = compose("M1", "hello");
    byte[] identity = adas.identity().bytes();
    identity[identity.length - 1] ^= 1;
    send(
        Node.of("message", message.requireChild("participants"))
            .with(Node.of("device-identity", identity))
            .with("id", "M1")
            .with("to", message.requireJid("to"))
            .with("type", "text"));

    assertThat(control.defects(ada, 1)).containsExactly("device_identity_wrong");
  }

  @Test
  void aMessageWithBothAReceiptAndAnAckIsNoted() {
    send(compose("M1", "hello"));
    try (WireClient bobsClient = bobs.logIn()) {
      Node message = bobsClient.await("message");
      bobsClient.send(receipt(message));
      bobsClient.send(
          Node.of("ack")
              .with("class", "message")
              .with("id", "M1")
              .with("to", message.requireJid("from")));
      bobsClient.ask(WireClient.iq("get", "w:p"));
    }

    assertThat(control.defects(bob, 1)).containsExactly("answered_twice");
  }

  @Test
  void aMessageToNobodyIsRefused() {
    Node message = compose("M1", "hello").with("to", Jid.lid("999"));

    assertThat(send(message).requireText("error")).isEqualTo("404");
    assertThat(control.texts(bob)).isEmpty();
  }

  @Test
  void aMalformedMessageIsRefusedAndLeavesNoTrace() {
    Node message =
        Node.of("message", Node.of("participants", Node.of("to").with("jid", Jid.pn(bob))))
            .with("id", "M1")
            .with("to", Jid.lid(control.lid(bob)));

    assertThat(send(message).requireText("error")).isEqualTo("479");
    assertThat(control.defects(ada, 1)).containsExactly("stanza_malformed");

    send(compose("M1", "hello"));
    assertThat(control.texts(bob)).containsExactly("hello");
  }

  @Test
  void aNewCompanionIsAnnouncedToWhoKnowsTheAccount() {
    send(compose("M1", "hello"));

    Linked second = sandbox.link(bob);

    Node notification =
        client.await(
            node ->
                node.is("notification") && node.text("type").filter("devices"::equals).isPresent());
    assertThat(notification.requireJid("from")).isEqualTo(Jid.pn(bob));
    Node device = notification.requireChild("add").requireChild("device");
    assertThat(device.requireJid("lid"))
        .isEqualTo(new Jid(control.lid(bob), second.device(), Jid.LIDS));
    assertThat(device.has("key-index")).isTrue();
  }

  @Test
  void aPrivacyTokenReachesTheContact() {
    client.ask(
        WireClient.iq(
            "set",
            "privacy",
            Node.of(
                "tokens",
                Node.of("token")
                    .with("jid", Jid.lid(control.lid(bob)))
                    .with("t", 1)
                    .with("type", "trusted_contact"))));

    try (WireClient bobsClient = bobs.logIn()) {
      Node notification = bobsClient.await("notification");
      assertThat(notification.requireText("type")).isEqualTo("privacy_token");
      assertThat(notification.requireJid("sender_lid")).isEqualTo(Jid.lid(control.lid(ada)));
    }
  }
}
