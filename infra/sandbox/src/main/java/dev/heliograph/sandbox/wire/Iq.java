package dev.heliograph.sandbox.wire;

import java.util.List;

/** Answers to clients' questions. */
public final class Iq {
  private Iq() {}

  public static Node result(Node iq, Node... children) {
    return answer(iq, "result").with(List.of(children));
  }

  public static Node error(Node iq, int code, String text) {
    return answer(iq, "error").with(Node.of("error").with("code", code).with("text", text));
  }

  private static Node answer(Node iq, String type) {
    return Node.of("iq")
        .with("from", iq.jid("to").orElse(Jid.SERVER))
        .with("type", type)
        .with("id", iq.requireText("id"));
  }
}
