package dev.heliograph.event;

import dev.heliograph.account.Accounts;
import dev.heliograph.account.ApiKey;
import dev.heliograph.account.CustomerId;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.Instances;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * The tables that streams are read from. However many streams there are, they make only so many
 * calls at a time: sessions use the same connections.
 */
final class StreamSource {
  private static final int CALLS_AT_ONCE = 32;
  private static final int MOST_EVENTS = 25;

  private final Accounts accounts;
  private final Instances instances;
  private final Events events;
  private final Semaphore calls = new Semaphore(CALLS_AT_ONCE, true);

  StreamSource(Accounts accounts, Instances instances, Events events) {
    this.accounts = accounts;
    this.instances = instances;
    this.events = events;
  }

  Optional<CustomerId> owner(ApiKey key) {
    return ask(() -> accounts.owner(key));
  }

  boolean has(CustomerId customer, InstanceId instance) {
    return ask(() -> instances.find(customer, instance)).isPresent();
  }

  long last(InstanceId instance) {
    return ask(() -> events.last(instance));
  }

  /**
   * The next events, without one left out that is still to come. Fan-out writes an instance's
   * events one after the other: whatever it writes of those before an event that is seen was
   * written before it. So a read that begins now and sees all that was written finds them; what it
   * does not find was parked, has expired, or comes by a fan-out run again, if ever.
   *
   * @param after the sequence of the last event that was read
   */
  List<StoredEvent> next(InstanceId instance, long after) {
    List<StoredEvent> seen = read(instance, after, false);
    List<StoredEvent> unbroken = unbroken(seen, after);
    if (seen.isEmpty() || !unbroken.isEmpty()) {
      return unbroken;
    }
    // Those behind it may have a gap of their own, of which this read says nothing.
    long known = seen.getFirst().sequence();
    return read(instance, after, true).stream()
        .takeWhile(event -> event.sequence() <= known)
        .toList();
  }

  private List<StoredEvent> read(InstanceId instance, long after, boolean consistent) {
    return ask(() -> events.next(instance, after, MOST_EVENTS, consistent));
  }

  private static List<StoredEvent> unbroken(List<StoredEvent> events, long after) {
    int length = 0;
    while (length < events.size() && events.get(length).sequence() == after + length + 1) {
      length++;
    }
    return events.subList(0, length);
  }

  private <T> T ask(Supplier<T> call) {
    calls.acquireUninterruptibly();
    try {
      return call.get();
    } finally {
      calls.release();
    }
  }
}
