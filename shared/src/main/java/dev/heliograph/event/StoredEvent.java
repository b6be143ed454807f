package dev.heliograph.event;

import dev.heliograph.account.CustomerId;
import dev.heliograph.instance.InstanceId;

/**
 * An event as it lies in the table: its text is what was in the journal, byte for byte.
 *
 * @param json see {@link EventJson}
 */
public record StoredEvent(
    InstanceId instance,
    long sequence,
    EventId id,
    CustomerId customer,
    EventType type,
    String json) {
  @Override
  public String toString() {
    return "StoredEvent[%s, %d, %s, %s]".formatted(instance, sequence, id, type);
  }
}
