package dev.heliograph.whatsapp.message;

import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.ProtocolException;
import dev.heliograph.whatsapp.stream.Times;
import java.time.Instant;
import java.util.Optional;

/**
 * The server has taken, or refused, a message of ours.
 *
 * @param time when it was taken, by the server's clock
 * @param error 0 if it was taken
 */
public record ServerAck(String messageId, Optional<Instant> time, int error) {
  /** What an ack means for the message. */
  public enum Verdict {
    ACCEPTED,
    /** The same bytes may be taken later. */
    TRY_AGAIN,
    /**
     * We had a wrong idea of the recipient's devices: ask anew, and send again under the same id.
     */
    STALE_DEVICES,
    REFUSED
  }

  public static boolean is(Node node) {
    return node.is("ack") && node.is("class", "message");
  }

  /**
   * Reads an {@code ack} of class {@code message}.
   *
   * @throws ProtocolException if it cannot be one
   */
  public static ServerAck parse(Node node) {
    long error = node.number("error").orElse(0L);
    return new ServerAck(
        node.requireAttr("id"),
        Times.findSeconds(node, "t"),
        Math.clamp(error, Integer.MIN_VALUE, Integer.MAX_VALUE));
  }

  public Verdict verdict() {
    return switch (error) {
      case 0 -> Verdict.ACCEPTED;
      case 408, 429, 500, 503 -> Verdict.TRY_AGAIN;
      case 421, 479 -> Verdict.STALE_DEVICES;
      default -> Verdict.REFUSED;
    };
  }
}
