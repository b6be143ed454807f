package dev.heliograph.whatsapp.stream;

import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.ProtocolException;
import java.time.Instant;
import java.util.Optional;

/** Points in time on the wire: seconds since 1970, as a text. */
public final class Times {
  /** The year 9999: what stores and prints instants takes no more. */
  private static final long LAST = 253_402_300_799L;

  private Times() {}

  /**
   * The time of an attribute.
   *
   * @throws ProtocolException if it is not there or no time
   */
  public static Instant seconds(Node node, String attribute) {
    return checked(node.requireNumber(attribute));
  }

  public static Optional<Instant> findSeconds(Node node, String attribute) {
    return node.number(attribute).map(Times::checked);
  }

  private static Instant checked(long seconds) {
    if (seconds < 0 || seconds > LAST) throw new ProtocolException("a time out of range");
    return Instant.ofEpochSecond(seconds);
  }
}
