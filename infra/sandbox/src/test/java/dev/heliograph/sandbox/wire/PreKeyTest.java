package dev.heliograph.sandbox.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.sandbox.ControlClient;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PreKeyTest {
  @RegisterExtension static final RunningSandbox sandbox = new RunningSandbox();

  private final ControlClient control = sandbox.control();
  private final String phone = control.createPhone("Ada");
  private final Linked linked = sandbox.link(phone);
  private final WireClient client = linked.logIn();

  @AfterEach
  void leave() {
    client.close();
  }

  private Node fetch(Jid device) {
    return client
        .ask(WireClient.iq("get", "encrypt", Node.of("key", Node.of("user").with("jid", device))))
        .requireChild("list")
        .requireChild("user");
  }

  private Jid own() {
    return new Jid(control.lid(phone), linked.device(), Jid.LIDS);
  }

  private int countOnServer() {
    return Integer.parseInt(
        client
            .ask(WireClient.iq("get", "encrypt", Node.of("count")))
            .requireChild("count")
            .requireText("value"));
  }

  private static String errorCode(Node answer) {
    return answer.requireChild("error").requireText("code");
  }

  @Test
  void aOneTimePreKeyIsHandedOutOnce() {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      ids.add(fetch(own()).requireChild("key").requireChild("id").contentText());
    }

    assertThat(ids).hasSize(10);
    assertThat(fetch(own()).child("key")).isEmpty();
    assertThat(countOnServer()).isZero();
  }

  @Test
  void whoseKeysRunLowIsToldOnce() {
    for (int i = 0; i < 8; i++) {
      fetch(own());
    }

    assertThat(client.seen())
        .filteredOn(node -> node.is("notification"))
        .singleElement()
        .satisfies(
            notification -> {
              assertThat(notification.requireText("type")).isEqualTo("encrypt");
              assertThat(notification.requireChild("count").requireText("value")).isEqualTo("4");
            });
  }

  @Test
  void aPhoneNeverRunsOut() {
    for (int i = 0; i < 40; i++) {
      assertThat(fetch(Jid.lid(control.lid(phone))).child("key")).isPresent();
    }
  }

  @Test
  void anUnknownDeviceIsAnErrorOfItsOwn() {
    Jid nobody = new Jid(control.lid(phone), 77, Jid.LIDS);

    assertThat(errorCode(fetch(nobody))).isEqualTo("404");
  }

  @Test
  void anUploadWithOneWrongByteIsRefusedAndNoted() {
    byte[] signature = linked.companion().signedPreKeySignature();
    signature[5] ^= 1;

    Node answer =
        client.ask(WireClient.iq("set", "encrypt", Node.of("rotate", linked.skey(signature))));

    assertThat(errorCode(answer)).isEqualTo("406");
    assertThat(control.defects(phone, linked.device())).containsExactly("signed_pre_key_wrong");
  }

  @Test
  void anUploadOfAnotherIdentityIsRefused() {
    Linked stranger =
        new Linked(
            linked.uri(),
            linked.rootKey(),
            new Companion(),
            phone,
            linked.device(),
            linked.identity());

    Node answer =
        client.ask(WireClient.iq("set", "encrypt", stranger.upload(50, 1).toArray(Node[]::new)));

    assertThat(errorCode(answer)).isEqualTo("406");
    assertThat(countOnServer()).isEqualTo(10);
  }

  @Test
  void anotherKeyUnderAnOldNumberIsNotedAndNotHandedOut() {
    String first = fetch(own()).requireChild("key").requireChild("id").contentText();

    client.ask(WireClient.iq("set", "encrypt", linked.upload(1, 1).toArray(Node[]::new)));

    assertThat(control.defects(phone, linked.device())).containsExactly("pre_key_id_reused");
    assertThat(fetch(own()).requireChild("key").requireChild("id").contentText())
        .isNotEqualTo(first);
  }

  @Test
  void theDigestNamesWhatIsInThePool() {
    fetch(own());

    Node digest =
        client.ask(WireClient.iq("get", "encrypt", Node.of("digest"))).requireChild("digest");

    assertThat(digest.requireChild("list").children("id")).hasSize(9);
    assertThat(digest.requireChild("hash").bytes()).hasSize(20);
    assertThat(digest.requireChild("identity").bytes())
        .isEqualTo(linked.companion().identity.publicKey());
  }

  @Test
  void anUnknownQuestionIsAnsweredAndNoted() {
    Node answer = client.ask(WireClient.iq("get", "w:nonsense"));

    assertThat(answer.requireText("type")).isEqualTo("error");
    assertThat(errorCode(answer)).isEqualTo("501");
    assertThat(control.defects(phone, linked.device())).containsExactly("iq_unknown");
  }

  @Test
  void numbersAreLookedUpInEveryFormThatClientsUse() {
    Node usync =
        Node.of(
            "usync",
            Node.of("query", Node.of("contact").with("addressing_mode", "lid"), Node.of("lid")),
            Node.of(
                "list",
                contact("+" + phone),
                contact(phone + "@c.us"),
                contact("+10005550000"),
                Node.of("user").with("jid", Jid.pn(phone))));

    var users =
        client
            .ask(WireClient.iq("get", "usync", usync))
            .requireChild("usync")
            .requireChild("list")
            .children("user");

    assertThat(users)
        .extracting(user -> user.requireChild("contact").requireText("type"))
        .containsExactly("in", "in", "out", "in");
    assertThat(users.getFirst().requireJid("jid")).isEqualTo(Jid.lid(control.lid(phone)));
    assertThat(users.getFirst().jid("pn_jid")).isEqualTo(Optional.of(Jid.pn(phone)));
    assertThat(users.getLast().requireChild("lid").requireJid("val"))
        .isEqualTo(Jid.lid(control.lid(phone)));
  }

  private static Node contact(String text) {
    return Node.of("user", Node.of("contact", text.getBytes(StandardCharsets.UTF_8)));
  }
}
