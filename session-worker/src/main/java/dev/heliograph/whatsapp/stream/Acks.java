package dev.heliograph.whatsapp.stream;

import dev.heliograph.whatsapp.Node;
import java.util.List;
import java.util.Optional;

/**
 * What tells the server that it need not deliver a stanza again. Receipts, notifications and calls
 * are acked; a message only if it gets no receipt instead.
 */
public final class Acks {
  /** The message is not a valid protobuf. */
  public static final int BAD_PROTOBUF = 491;

  /** The stanza has nothing in it that we know. */
  public static final int UNKNOWN_STANZA = 488;

  /** We have failed on it. */
  public static final int UNHANDLED = 500;

  /** What an ack, or a receipt instead of one, repeats. */
  private static final List<String> ECHOED =
      List.of("id", "from", "participant", "recipient", "type");

  /** No stanza of a client that means it has anything longer, and a frame is to hold the ack. */
  private static final int LONGEST = 1000;

  private Acks() {}

  /** Whether a stanza of this kind is to be acked, and can be. */
  public static boolean isDue(Node stanza) {
    return switch (stanza.tag()) {
      case "message", "receipt", "notification", "call" ->
          stanza.has("id")
              && stanza.has("from")
              && ECHOED.stream().allMatch(name -> isShort(stanza, name));
      default -> false;
    };
  }

  private static boolean isShort(Node stanza, String name) {
    return stanza.attr(name).filter(value -> value.length() > LONGEST).isEmpty();
  }

  /** The ack of a stanza; empty if there is none to be sent, as for one that has no id. */
  public static Optional<Node> of(Node stanza) {
    return isDue(stanza) ? Optional.of(ack(stanza)) : Optional.empty();
  }

  /** An ack that says why nothing was made of the stanza. */
  public static Optional<Node> of(Node stanza, int error) {
    return of(stanza).map(ack -> ack.with("error", error));
  }

  private static Node ack(Node stanza) {
    Node ack =
        Node.of("ack")
            .with("class", stanza.tag())
            .with("id", stanza.requireAttr("id"))
            .with("to", stanza.value("from"))
            .with("participant", stanza.value("participant"))
            .with("recipient", stanza.value("recipient"));
    return stanza.is("message") ? ack : ack.with("type", stanza.value("type"));
  }
}
