package dev.heliograph.session;

import dev.heliograph.instance.InstanceId;
import java.nio.BufferOverflowException;
import java.nio.BufferUnderflowException;
import java.time.DateTimeException;
import java.util.ConcurrentModificationException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * What the sessions of a worker have failed on, by a mistake in our code or in a library. What has
 * ended a few sessions of its instance is hopeless, and given up for the sake of what is behind it.
 * Not at once: the pauses between failing sessions grow, so that a bad version loses little until
 * it is taken back.
 */
public final class Mistakes {
  private static final int TRIES = 3;
  private static final int MOST_KNOWN = 10_000;

  private final Map<Place, Integer> failures =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, Integer> eldest) {
          return size() > MOST_KNOWN;
        }
      };

  private record Place(InstanceId instance, String what) {}

  /**
   * A session has failed.
   *
   * @param what was at hand: a stanza or a message
   */
  synchronized void failed(InstanceId instance, String what, RuntimeException thrown) {
    if (isMistake(thrown)) {
      failures.merge(new Place(instance, what), 1, Integer::sum);
    }
  }

  /** Whether another try would end as those before. */
  synchronized boolean isHopeless(InstanceId instance, String what) {
    return failures.getOrDefault(new Place(instance, what), 0) >= TRIES;
  }

  /** Whatever a table, a connection or another owner has to say is none. */
  private static boolean isMistake(RuntimeException thrown) {
    return switch (thrown) {
      case NullPointerException _,
          IndexOutOfBoundsException _,
          NegativeArraySizeException _,
          ArrayStoreException _,
          ArithmeticException _,
          ClassCastException _,
          IllegalArgumentException _,
          IllegalStateException _,
          NoSuchElementException _,
          UnsupportedOperationException _,
          ConcurrentModificationException _,
          DateTimeException _,
          BufferUnderflowException _,
          BufferOverflowException _ ->
          true;
      default -> false;
    };
  }
}
