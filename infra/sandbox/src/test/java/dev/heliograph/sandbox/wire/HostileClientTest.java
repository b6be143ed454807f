package dev.heliograph.sandbox.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.sandbox.ControlClient;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever a client sends costs its own connection at most. */
class HostileClientTest {
  @RegisterExtension static final RunningSandbox sandbox = new RunningSandbox();

  private static final List<String> TAGS =
      List.of("iq", "message", "receipt", "ack", "presence", "ib", "call", "notification", "enc");
  private static final List<String> NAMES =
      List.of("id", "to", "type", "xmlns", "class", "from", "participant", "recipient", "jid", "t");
  private static final List<String> WORDS =
      List.of(
          "set", "get", "result", "encrypt", "usync", "md", "retry", "read", "message", "w:p", "1",
          "-1", "");
  private static final List<String> CHILDREN =
      List.of(
          "participants",
          "to",
          "enc",
          "count",
          "digest",
          "key",
          "user",
          "rotate",
          "skey",
          "list",
          "item",
          "usync",
          "query",
          "retry",
          "keys",
          "registration",
          "active",
          "sync",
          "remove-companion-device",
          "tokens",
          "token",
          "device-identity",
          "contact");

  private final Random random = new Random(7);

  @Test
  void noiseOnTheSocketHarmsNobodyElse() {
    ControlClient control = sandbox.control();
    Linked linked = sandbox.link(control.createPhone("Ada"));
    try (ErrorLog log = new ErrorLog();
        WireClient untouched = linked.logIn()) {
      for (int i = 0; i < 50; i++) {
        try (WireClient hostile = WireClient.raw(sandbox.get().webSocketUri())) {
          byte[] noise = new byte[1 + random.nextInt(200)];
          random.nextBytes(noise);
          if (i % 2 == 0) {
            System.arraycopy(Frames.INTRO, 0, noise, 0, Math.min(4, noise.length));
          }
          hostile.sendBytes(noise);
        }
      }

      assertThat(untouched.ask(WireClient.iq("get", "w:p")).requireText("type"))
          .isEqualTo("result");
      assertThat(log.errors()).isEmpty();
    }
  }

  @Test
  void nonsensicalStanzasHarmNobodyElse() {
    ControlClient control = sandbox.control();
    String ada = control.createPhone("Ada");
    Linked linked = sandbox.link(ada);
    Linked others = sandbox.link(control.createPhone("Bob"));
    try (ErrorLog log = new ErrorLog();
        WireClient untouched = others.logIn()) {
      for (int round = 0; round < 30; round++) {
        try (WireClient hostile = linked.connect()) {
          if (!hostile.await(node -> node.is("success") || node.is("failure")).is("success")) {
            // It has unlinked itself.
            linked = sandbox.link(ada);
            continue;
          }
          sendNonsense(hostile, new Jid(control.lid(ada), linked.device(), Jid.LIDS));
        }
      }

      assertThat(untouched.ask(WireClient.iq("get", "w:p")).requireText("type"))
          .isEqualTo("result");
      assertThat(log.errors()).isEmpty();
    }
    assertThat(control.createPhone("Carol")).isNotEmpty();
  }

  private void sendNonsense(WireClient hostile, Jid own) {
    try {
      for (int i = 0; i < 50; i++) {
        hostile.send(nonsense(0, own));
      }
    } catch (CompletionException closed) {
      // It has unlinked itself, and the server does not wait long for the rest.
    }
  }

  private Node nonsense(int depth, Jid own) {
    Node node = Node.of(depth == 0 ? pick(TAGS) : pick(CHILDREN));
    if (depth > 1 && random.nextBoolean()) {
      byte[] content = new byte[pick(List.of(0, 1, 3, 4, 32, 64, 100))];
      random.nextBytes(content);
      node = Node.of(pick(CHILDREN), content);
    } else if (depth < 4) {
      int children = random.nextInt(3);
      for (int i = 0; i < children; i++) {
        node = node.with(nonsense(depth + 1, own));
      }
    }
    for (int i = 0; i < random.nextInt(6); i++) {
      node =
          switch (random.nextInt(3)) {
            case 0 -> node.with(pick(NAMES), pick(WORDS));
            case 1 -> node.with(pick(NAMES), own);
            default -> node.with(pick(NAMES), Jid.SERVER);
          };
    }
    return node;
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
