package dev.heliograph.journal;

import dev.heliograph.account.CustomerId;
import dev.heliograph.instance.InstanceId;
import java.time.Instant;
import java.util.List;

/**
 * The part of an entry that is for others than its session.
 *
 * @param customer whose events they are, whatever they say themselves
 * @param at when it was appended, by the clock of who did
 * @param events each the JSON of one event
 */
public record PublicEntry(
    InstanceId instance, CustomerId customer, long seq, Instant at, List<String> events) {
  public PublicEntry {
    events = List.copyOf(events);
  }

  /** Events hold content. */
  @Override
  public String toString() {
    return "PublicEntry[" + instance + " " + seq + "]";
  }
}
