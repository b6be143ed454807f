package dev.heliograph.session;

import dev.heliograph.journal.SessionClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/** What a session wakes up for when nobody tells it anything. */
final class Timers {
  private final SessionClock clock;
  private final Map<Timer, Long> due = new EnumMap<>(Timer.class);

  enum Timer {
    /** The next attempt to connect. */
    DIAL,
    /** The server has said nothing yet that leads on. */
    LOGIN,
    /** The code that is shown runs out. */
    QR,
    /** A take-over becomes visible to the customer. */
    GRACE,
    /** The server has not said that the offline queue is empty. */
    DRAIN,
    /** The oldest stanza on the wire has got no answer. */
    ACK,
    /** The connection has lasted long enough to forget the failures before it. */
    STABLE,
    /** A checkpoint for want of anything better to do. */
    CHECKPOINT
  }

  Timers(SessionClock clock) {
    this.clock = clock;
  }

  void set(Timer timer, Duration in) {
    due.put(timer, clock.nanos() + in.toNanos());
  }

  void setIfUnset(Timer timer, Duration in) {
    if (!due.containsKey(timer)) {
      set(timer, in);
    }
  }

  void clear(Timer timer) {
    due.remove(timer);
  }

  /** Clears those that mean nothing without the connection that they were set for. */
  void clearThoseOfConnection() {
    due.keySet().removeAll(EnumSet.of(Timer.LOGIN, Timer.QR, Timer.DRAIN, Timer.ACK, Timer.STABLE));
  }

  boolean isSet(Timer timer) {
    return due.containsKey(timer);
  }

  /** How long until the next one, at most {@code longest}; never negative. */
  Duration untilNext(Duration longest) {
    long now = clock.nanos();
    long wait = longest.toNanos();
    for (long at : due.values()) {
      wait = Math.min(wait, at - now);
    }
    return Duration.ofNanos(Math.max(0, wait));
  }

  /** Those whose time has come; they are cleared. */
  List<Timer> takeDue() {
    long now = clock.nanos();
    List<Timer> elapsed = new ArrayList<>();
    due.forEach(
        (timer, at) -> {
          if (at - now <= 0) {
            elapsed.add(timer);
          }
        });
    elapsed.forEach(due::remove);
    return elapsed;
  }
}
