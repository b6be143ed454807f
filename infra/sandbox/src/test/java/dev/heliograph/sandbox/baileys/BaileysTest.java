package dev.heliograph.sandbox.baileys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.sandbox.ControlClient;
import dev.heliograph.sandbox.Sandbox;
import dev.heliograph.sandbox.SandboxOptions;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaileysTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path folder;

  @BeforeAll
  static void baileysIsThere() {
    BaileysClient.require();
  }

  private Sandbox start() {
    return Sandbox.start(SandboxOptions.in(folder.resolve("sandbox")));
  }

  private BaileysClient connect(Sandbox sandbox, String name) {
    return BaileysClient.start(sandbox.webSocketUri(), sandbox.rootKey(), folder.resolve(name));
  }

  @Test
  void twoClientsPairChatAndResume() {
    String ada;
    String bob;
    try (Sandbox sandbox = start();
        BaileysClient adas = connect(sandbox, "ada");
        BaileysClient bobs = connect(sandbox, "bob")) {
      ControlClient control = new ControlClient(sandbox.controlUri());
      ada = control.createPhone("Ada");
      bob = control.createPhone("Bob");
      assertThat(control.scan(ada, adas.awaitQr())).isEqualTo(1);
      assertThat(control.scan(bob, bobs.awaitQr())).isEqualTo(1);
      adas.awaitOpen();
      bobs.awaitOpen();

      String hello = adas.send(bob, "hello bob");
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(bobs.texts()).contains("hello bob"));
      bobs.send(ada, "hello ada");
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(adas.texts()).contains("hello ada"));
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(adas.status(hello)).isEqualTo(3));
      assertThat(control.texts(bob)).containsExactly("hello bob", "hello ada");
      assertThat(control.texts(ada)).containsExactly("hello bob", "hello ada");
    }

    try (Sandbox sandbox = start();
        BaileysClient adas = connect(sandbox, "ada")) {
      adas.awaitOpen();
      adas.send(bob, "are you there?");
      adas.send(bob, "no hurry");
      ControlClient control = new ControlClient(sandbox.controlUri());
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(control.texts(bob)).endsWith("no hurry"));

      try (BaileysClient bobs = connect(sandbox, "bob")) {
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () -> assertThat(bobs.texts()).containsExactly("are you there?", "no hurry"));
        assertThat(bobs.received()).allMatch(BaileysClient.Received::offline);
        bobs.send(ada, "I am now");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(adas.texts()).contains("I am now"));
      }
      assertThat(control.stats(ada).getInteger("undecryptable")).isZero();
      assertThat(control.stats(bob).getInteger("undecryptable")).isZero();
    }
  }

  @Test
  void aPhoneAndItsCompanionSeeTheSameConversation() {
    try (Sandbox sandbox = start();
        BaileysClient adas = connect(sandbox, "ada")) {
      ControlClient control = new ControlClient(sandbox.controlUri());
      String ada = control.createPhone("Ada");
      String bob = control.createPhone("Bob");
      control.scan(ada, adas.awaitQr());
      adas.awaitOpen();

      String fromBob = control.send(bob, ada, "from bob");
      String fromAda = control.send(ada, bob, "from ada's phone");
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(adas.texts()).containsExactly("from bob", "from ada's phone"));
      BaileysClient.Received copy = adas.received().getLast();
      assertThat(copy.fromMe()).isTrue();
      assertThat(copy.chat()).isEqualTo(control.lid(bob) + "@lid");
      assertThat(copy.chatAlt()).isEqualTo(bob + "@s.whatsapp.net");

      String fromCompanion = adas.send(bob, "from ada's computer");
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(control.texts(bob))
                      .containsExactly("from ada's phone", "from ada's computer"));
      assertThat(control.messages(ada).getLast().getString("chat")).isEqualTo(bob);
      assertThat(control.messages(ada).getLast().getBoolean("device_sent")).isTrue();

      control.read(bob, fromCompanion);
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(adas.status(fromCompanion)).isEqualTo(4));
      adas.read(adas.received().getFirst());
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(control.receipts(bob))
                      .anyMatch(
                          receipt ->
                              receipt.getString("id").equals(fromBob)
                                  && receipt.getString("type").equals("read")));
      assertThat(control.receipts(ada))
          .anyMatch(receipt -> receipt.getString("id").equals(fromAda));
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(control.device(ada, 1).getInteger("queue")).isZero());
    }
  }

  @Test
  void aClientThatHasLostItsSessionGetsTheMessageAgain() {
    try (Sandbox sandbox = start();
        BaileysClient adas = connect(sandbox, "ada");
        BaileysClient bobs = connect(sandbox, "bob")) {
      ControlClient control = new ControlClient(sandbox.controlUri());
      String ada = control.createPhone("Ada");
      String bob = control.createPhone("Bob");
      control.scan(ada, adas.awaitQr());
      control.scan(bob, bobs.awaitQr());
      adas.awaitOpen();
      bobs.awaitOpen();
      adas.send(bob, "one");
      // Baileys sends nothing to a device whose first message comes in while it encrypts its own.
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(bobs.texts()).containsExactly("one"));
      bobs.send(ada, "two");
      control.send(bob, ada, "three");
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(adas.texts()).containsExactlyInAnyOrder("one", "two", "three"));

      adas.forgetSession(control.lid(bob) + ":1@lid");
      adas.forgetSession(control.lid(bob) + "@lid");
      bobs.send(ada, "four");
      control.send(bob, ada, "five");

      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(adas.texts()).contains("four", "five"));
      assertThat(control.device(ada, 1).getInteger("retry_receipts_sent")).isGreaterThan(1);
      assertThat(control.device(bob, 1).getInteger("retry_receipts_received")).isPositive();
      assertThat(control.stats(bob).getInteger("retry_received")).isPositive();
    }
  }

  @Test
  void anUnlinkedClientIsLoggedOut() {
    try (Sandbox sandbox = start();
        BaileysClient adas = connect(sandbox, "ada")) {
      ControlClient control = new ControlClient(sandbox.controlUri());
      String ada = control.createPhone("Ada");
      int device = control.scan(ada, adas.awaitQr());
      adas.awaitOpen();

      control.unlink(ada, device);

      await().atMost(PATIENCE).untilAsserted(() -> assertThat(adas.closings()).endsWith(401));
      assertThat(control.devices(ada)).isEmpty();
    }
  }
}
