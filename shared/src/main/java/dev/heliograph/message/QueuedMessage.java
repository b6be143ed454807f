package dev.heliograph.message;

import dev.heliograph.instance.InstanceId;
import java.time.Instant;

/** What the index of queued messages says: a hint where to look, as an index may lag. */
public record QueuedMessage(
    InstanceId instance, MessageId id, Instant acceptedAt, Instant deadline) {
  /** Where it stands. */
  public QueuePlace place() {
    return new QueuePlace(acceptedAt, id);
  }
}
