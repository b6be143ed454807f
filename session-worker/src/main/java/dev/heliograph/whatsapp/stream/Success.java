package dev.heliograph.whatsapp.stream;

import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.ProtocolException;
import java.time.Instant;
import java.util.Optional;

/**
 * WhatsApp has let us in.
 *
 * @param time the server's clock
 * @param lid our own device, as the server knows it
 */
public record Success(Instant time, Optional<Jid> lid) {
  public static boolean is(Node node) {
    return node.is("success");
  }

  /**
   * Reads a {@code success}.
   *
   * @throws ProtocolException if it has no time
   */
  public static Success parse(Node node) {
    return new Success(Times.seconds(node, "t"), node.jid("lid").filter(Jid::isLid));
  }
}
