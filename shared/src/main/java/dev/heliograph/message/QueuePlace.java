package dev.heliograph.message;

import java.time.Instant;
import java.util.Comparator;

/**
 * Where a message stands among those of its instance that wait to be sent: messages go out in the
 * order in which they were accepted, whoever names them first.
 */
public record QueuePlace(Instant acceptedAt, MessageId id) implements Comparable<QueuePlace> {
  private static final Comparator<QueuePlace> ORDER =
      Comparator.comparing(QueuePlace::acceptedAt).thenComparing(place -> place.id().value());

  @Override
  public int compareTo(QueuePlace other) {
    return ORDER.compare(this, other);
  }
}
