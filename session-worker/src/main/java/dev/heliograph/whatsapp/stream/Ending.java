package dev.heliograph.whatsapp.stream;

import dev.heliograph.whatsapp.Node;
import java.time.Duration;
import java.util.Optional;

/** Why WhatsApp ends a connection, in the words that come before it closes. */
public sealed interface Ending {
  /** Always after pairing, at times later. */
  record RestartRequired() implements Ending {}

  /**
   * The device was unlinked, or the account is gone.
   *
   * @param code 401, 403 or 516
   */
  record LoggedOut(int code) implements Ending {}

  /** Someone else has connected with these credentials. */
  record Replaced() implements Ending {}

  /**
   * The account may not connect for a while.
   *
   * @param code why: 101 too many people, 102 blocked by users, 103 too many groups, 104 the same
   *     message too often, 106 broadcast lists; 0 if it does not say
   */
  record TemporarilyBanned(int code, Duration expires) implements Ending {}

  record Banned() implements Ending {}

  /** Our version is too old. */
  record ClientOutdated() implements Ending {}

  /** WhatsApp does not want us, and trying again will not change that. */
  record Refused(int code) implements Ending {}

  /**
   * Trouble at the server.
   *
   * @param code 0 if it does not say
   */
  record Unavailable(int code) implements Ending {}

  /** We have sent what WhatsApp does not understand: a defect of ours. */
  record BadStanza() implements Ending {}

  /** The stream ends without a reason. */
  record EndOfStream() implements Ending {}

  /** The ending that this node tells, if it tells one. */
  static Optional<Ending> find(Node node) {
    return switch (node.tag()) {
      case "stream:error" -> Optional.of(streamError(node));
      case "failure" -> Optional.of(failure(node));
      case "xmlstreamend" -> Optional.of(new EndOfStream());
      default -> Optional.empty();
    };
  }

  private static Ending streamError(Node node) {
    Optional<Node> conflict = node.child("conflict");
    if (conflict.isPresent()) return conflict(node, conflict.get());
    if (node.hasChild("ack") || node.hasChild("xml-not-well-formed")) return new BadStanza();
    int code = code(node, "code");
    return switch (code) {
      case 515 -> new RestartRequired();
      case 516 -> new LoggedOut(code);
      default -> new Unavailable(code);
    };
  }

  private static Ending conflict(Node node, Node conflict) {
    int code = code(node, "code");
    if (conflict.is("type", "replaced")) return new Replaced();
    if (conflict.is("type", "device_removed") && code == 401) return new LoggedOut(401);
    return new Refused(code);
  }

  private static Ending failure(Node node) {
    int reason = code(node, "reason");
    return switch (reason) {
      case 401, 403 -> new LoggedOut(reason);
      case 402 ->
          new TemporarilyBanned(code(node, "code"), Duration.ofSeconds(code(node, "expire")));
      case 405 -> new ClientOutdated();
      case 406 -> new Banned();
      case 500, 501, 503 -> new Unavailable(reason);
      default -> new Refused(reason);
    };
  }

  /** 0 for what is no number: an ending must not fail for how it is told. */
  private static int code(Node node, String attribute) {
    return node.attr(attribute)
        .filter(text -> text.matches("[0-9]{1,9}"))
        .map(Integer::parseInt)
        .orElse(0);
  }
}
