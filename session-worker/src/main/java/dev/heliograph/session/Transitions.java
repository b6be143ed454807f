package dev.heliograph.session;

import dev.heliograph.event.EventData.InstanceChanged;
import dev.heliograph.event.EventType;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.instance.PhoneNumber;
import dev.heliograph.instance.StatusReason;
import dev.heliograph.journal.Fact;
import dev.heliograph.journal.SessionClock;
import dev.heliograph.journal.SessionLog;
import dev.heliograph.journal.SessionState;
import dev.heliograph.journal.Step;
import org.jspecify.annotations.Nullable;

/** Transitions of the instance's status: each a fact and its event in one step. */
final class Transitions {
  private final Situation situation;
  private final SessionLog log;
  private final SessionClock clock;

  Transitions(Situation situation, SessionLog log, SessionClock clock) {
    this.situation = situation;
    this.log = log;
    this.clock = clock;
  }

  /** Makes a transition that needs no reason, in an entry of its own. */
  void append(InstanceStatus to) throws InterruptedException {
    Step step = log.begin();
    add(step, to, null);
    situation.append(step);
  }

  /** Adds a transition that leaves the wish as it is. */
  void add(Step step, InstanceStatus to, @Nullable StatusReason reason) {
    add(step, to, reason, null);
  }

  /**
   * Adds a transition.
   *
   * @param usedWish the wish that it uses up: nothing starts until there is a newer one
   */
  void add(Step step, InstanceStatus to, @Nullable StatusReason reason, @Nullable Long usedWish) {
    SessionState state = situation.state();
    if (!to.mayFollow(state.status())) {
      throw new IllegalStateException(to + " cannot follow " + state.status());
    }
    step.add(new Fact.StatusChanged(to, reason, usedWish, clock.now(), situation.lastLive()));
    if (to != InstanceStatus.QR) { // whose event is that of the code
      step.announce(
          type(to),
          new InstanceChanged(
              to,
              reason,
              state.phoneNumber().map(PhoneNumber::new).orElse(null),
              state.lid().orElse(null)));
    }
  }

  private static EventType type(InstanceStatus status) {
    return switch (status) {
      case PENDING -> EventType.INSTANCE_PENDING;
      case QR -> EventType.INSTANCE_QR;
      case CONNECTING -> EventType.INSTANCE_CONNECTING;
      case CONNECTED -> EventType.INSTANCE_CONNECTED;
      case DISCONNECTED -> EventType.INSTANCE_DISCONNECTED;
      case FAILED -> EventType.INSTANCE_FAILED;
    };
  }
}
