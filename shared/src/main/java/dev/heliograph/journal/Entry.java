package dev.heliograph.journal;

import dev.heliograph.account.CustomerId;
import dev.heliograph.instance.InstanceId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;

/**
 * One step of a session: what it made public, what it decided and what it is about to send.
 *
 * @param seq its place, from 1, without gaps
 * @param id drawn for this entry alone: tells an owner its own put from another's at the same place
 * @param pairing the pairing whose key seals {@code sealed}; null if nothing is sealed
 * @param events public events as the JSON that customers get, in order
 * @param facts what the session's state is folded from: a JSON array, no secrets in it
 * @param sealed auth-state records and stanzas, sealed; null if the step changed and sends none
 */
public record Entry(
    InstanceId instance,
    long seq,
    String id,
    CustomerId customer,
    Instant at,
    @Nullable String pairing,
    List<String> events,
    String facts,
    @Nullable SdkBytes sealed) {

  public Entry {
    if (seq < 1) {
      throw new IllegalArgumentException("entries start at 1");
    }
    events = List.copyOf(events);
  }

  /** Names the place alone: events and facts hold content. */
  @Override
  public String toString() {
    return "Entry[" + instance + " " + seq + "]";
  }
}
