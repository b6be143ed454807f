package dev.heliograph.event;

import dev.heliograph.id.Ulids;
import dev.heliograph.instance.InstanceId;

/** An event's id, derived from its place in the journal: {@code evt_} and a ULID. */
public record EventId(String value) {
  private static final String PREFIX = "evt_";

  public EventId {
    Ulids.check(PREFIX, value);
  }

  /**
   * The event at a place of the journal: fan-out that runs twice writes it once.
   *
   * @param index its place among the events of the entry, from 0
   */
  public static EventId of(InstanceId instance, long seq, int index) {
    return new EventId(
        PREFIX + Ulids.derived(instance.value(), Long.toString(seq), Integer.toString(index)));
  }

  @Override
  public String toString() {
    return value;
  }
}
