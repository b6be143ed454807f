package dev.heliograph.sandbox.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.heliograph.sandbox.ControlClient;
import dev.heliograph.sandbox.Sandbox;
import dev.heliograph.sandbox.SandboxOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurabilityTest {
  private static final int ROUNDS = 2;
  private static final int ACKS_BEFORE_THE_KILL = 40;

  @TempDir Path folder;

  @Test
  void whatWasAckedSurvivesAKillAndAReplayCompletesTheRest() throws IOException {
    List<String> texts = new ArrayList<>();
    String ada;
    String bob;
    Linked adas;
    Linked bobs;
    try (SandboxProcess sandbox = SandboxProcess.start(folder)) {
      ada = sandbox.control().createPhone("Ada");
      bob = sandbox.control().createPhone("Bob");
      adas = sandbox.link(ada);
      bobs = sandbox.link(bob);
      bobs.logIn().close();
    }

    Writer writer = null;
    List<Node> unacked = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      try (SandboxProcess sandbox = SandboxProcess.start(folder)) {
        List<String> owed = unacked.stream().map(message -> message.requireText("id")).toList();
        List<String> shown = sandbox.control().texts(bob);
        for (int i = 0; i < texts.size(); i++) {
          assertThat(owed.contains("M" + i) || shown.contains("text " + i))
              .as("message %d", i)
              .isTrue();
        }

        String bobsLid = sandbox.control().lid(bob);
        writer = writer == null ? new Writer(adas, sandbox.control().lid(ada)) : writer;
        try (WireClient client = sandbox.found(adas).logIn()) {
          unacked.forEach(client::send);
          int replayed = unacked.size();
          for (int i = 0; i < ACKS_BEFORE_THE_KILL + 20; i++) {
            String text = "text " + texts.size();
            Node message = writer.compose(client, bobsLid, "M" + texts.size(), text);
            texts.add(text);
            unacked.add(message);
            client.send(message);
          }
          await()
              .atMost(WireClient.PATIENCE)
              .until(() -> acked(client).size() >= replayed + ACKS_BEFORE_THE_KILL);
          sandbox.kill();
          List<String> acked = acked(client);
          unacked.removeIf(message -> acked.contains(message.requireText("id")));
        }
      }
    }

    try (SandboxProcess sandbox = SandboxProcess.start(folder)) {
      try (WireClient client = sandbox.found(adas).logIn()) {
        unacked.forEach(client::send);
        await().atMost(WireClient.PATIENCE).until(() -> acked(client).size() >= unacked.size());
      }
      assertThat(sandbox.control().texts(bob)).containsExactlyElementsOf(texts);
      assertThat(sandbox.control().stats(bob).getInteger("undecryptable")).isZero();
      assertThat(sandbox.control().defects(ada, adas.device())).isEmpty();
      try (WireClient client = sandbox.found(bobs).logIn()) {
        client.await(node -> node.child("offline").isPresent());
        assertThat(client.seen())
            .filteredOn(node -> node.is("message"))
            .extracting(node -> node.requireText("id"))
            .doesNotHaveDuplicates()
            .hasSize(texts.size());
      }
      assertThat(sandbox.stop()).isEqualTo(143);
    }
  }

  private static List<String> acked(WireClient client) {
    return client.seen().stream()
        .filter(node -> node.is("ack"))
        .map(node -> node.requireText("id"))
        .toList();
  }

  @Test
  void keysAndAccountsAreTheSameAfterARestart() {
    String rootKey;
    List<String> lids = new ArrayList<>();
    String ada;
    try (Sandbox sandbox = Sandbox.start(SandboxOptions.in(folder))) {
      var control = new ControlClient(sandbox.controlUri());
      rootKey = sandbox.rootKey();
      ada = control.createPhone("Ada");
      lids.add(control.lid(ada));
    }
    try (Sandbox sandbox = Sandbox.start(SandboxOptions.in(folder))) {
      assertThat(sandbox.rootKey()).isEqualTo(rootKey);
      lids.add(new ControlClient(sandbox.controlUri()).lid(ada));
    }
    assertThat(lids.getFirst()).isEqualTo(lids.getLast());
  }

  @Test
  void twoSandboxesDoNotShareAFolder() throws IOException {
    try (Sandbox first = Sandbox.start(SandboxOptions.in(folder))) {
      assertThat(first.port()).isPositive();
      assertThatThrownBy(() -> SandboxProcess.start(folder))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("has ended");
    }
  }
}
