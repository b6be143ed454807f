package dev.heliograph.fleet;

import dev.heliograph.instance.InstanceId;
import dev.heliograph.message.QueuePlace;
import dev.heliograph.session.Mail;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What was read since a tick of the messages that wait on a shard, and which sessions were told: a
 * ring reads none of it again. There may be thousands, and of an instance whose session cannot live
 * nobody takes them.
 *
 * <p>Of an instance no more than {@link Mail.Look#MOST} are told until the next tick: what a
 * session has no room for would otherwise be overtaken by what came later.
 */
final class Told {
  private final Instant lookedAt;
  private final Map<InstanceId, Waiting> waiting = new HashMap<>();

  /** Of one instance. */
  private static final class Waiting {
    private final TreeSet<QueuePlace> messages = new TreeSet<>();
    private boolean hasMore;
    private Instant upTo;
    private long session;

    Waiting(Instant upTo) {
      this.upTo = upTo;
    }

    void add(List<QueuePlace> later) {
      messages.addAll(later);
      hasMore |= Mail.Look.trim(messages);
    }
  }

  /** After a look at all on the shard that was accepted up to that time. */
  Told(Instant lookedAt) {
    this.lookedAt = lookedAt;
  }

  /** Up to which time of acceptance it is known what waits; what is older need not be read. */
  synchronized Instant upTo(InstanceId instance) {
    Waiting its = waiting.get(instance);
    if (its == null) {
      return lookedAt; // nothing waited then
    }
    return its.hasMore ? Instant.MAX : its.upTo;
  }

  /** Notes that all was added that was accepted up to a time. */
  synchronized void read(InstanceId instance, Instant upTo) {
    of(instance).upTo = upTo;
  }

  /**
   * Adds messages of an instance.
   *
   * @param session the {@link Sessions#number} of the one that is to hear of them; 0 if it has yet
   *     to begin
   * @return what it is to be told: these, or all that wait if it was told of none before
   */
  synchronized List<QueuePlace> add(InstanceId instance, List<QueuePlace> later, long session) {
    Waiting its = of(instance);
    its.add(later);
    boolean knowsTheOthers = session != 0 && its.session == session;
    return knowsTheOthers
        ? later.stream().filter(its.messages::contains).toList()
        : List.copyOf(its.messages);
  }

  /** Notes that a session was told all that was added. */
  synchronized void heard(InstanceId instance, long session) {
    of(instance).session = session;
  }

  private Waiting of(InstanceId instance) {
    return waiting.computeIfAbsent(instance, absent -> new Waiting(lookedAt));
  }
}
