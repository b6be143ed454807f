package dev.heliograph.fleet;

import dev.heliograph.instance.InstanceId;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the sessions of a shard were told of the messages that wait, so that a ring does not read
 * again what a tick, or an earlier ring, has read: there may be thousands.
 */
final class Told {
  private final Instant lookedAt;
  private final Map<InstanceId, Heard> heard = new ConcurrentHashMap<>();

  /** A session knows all that was accepted up to a time; one that comes after it knows nothing. */
  private record Heard(Instant upTo, long session) {}

  /** After a look at all on the shard that was accepted up to that time. */
  Told(Instant lookedAt) {
    this.lookedAt = lookedAt;
  }

  /** Notes that a session knows of all that was accepted up to a time. */
  void tell(InstanceId instance, Instant upTo, long session) {
    heard.put(instance, new Heard(upTo, session));
  }

  /**
   * Up to which time of acceptance a session knows what waits.
   *
   * @param session its {@link Sessions#number}
   */
  Instant upTo(InstanceId instance, long session) {
    Heard last = heard.get(instance);
    if (last == null) {
      return lookedAt; // nothing waited then
    }
    return session != 0 && last.session() == session ? last.upTo() : Instant.EPOCH;
  }
}
