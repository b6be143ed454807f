package dev.heliograph.sandbox.relay;

import java.util.List;
import java.util.Optional;

/** What became of a message that a device sent. */
sealed interface Acceptance {
  /**
   * It is on its way.
   *
   * @param timestamp what the message is dated with, the same each time it comes, in Unix seconds
   * @param participantsHash the hash of the devices that should have been written to, if they were
   *     not
   */
  record Accepted(long timestamp, Optional<String> participantsHash, List<Delivery> deliveries)
      implements Acceptance {}

  /**
   * It goes nowhere.
   *
   * @param error the code for the ack
   */
  record Refused(int error) implements Acceptance {}
}
