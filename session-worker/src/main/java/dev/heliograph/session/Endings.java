package dev.heliograph.session;

import static dev.heliograph.session.Timers.Timer.DIAL;
import static dev.heliograph.session.Timers.Timer.GRACE;

import dev.heliograph.authstate.PairingId;
import dev.heliograph.event.EventData;
import dev.heliograph.event.EventType;
import dev.heliograph.instance.Desired;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.instance.StatusReason;
import dev.heliograph.journal.Fact;
import dev.heliograph.journal.SessionLog;
import dev.heliograph.journal.Step;
import java.util.Optional;

/** How a pairing, or what is made of it, comes to an end: each in one entry that settles all. */
final class Endings {
  private final Situation situation;
  private final SessionLog log;
  private final Timers timers;
  private final Transitions transitions;
  private final Outcomes outcomes;

  Endings(
      Situation situation,
      SessionLog log,
      Timers timers,
      Transitions transitions,
      Outcomes outcomes) {
    this.situation = situation;
    this.log = log;
    this.timers = timers;
    this.transitions = transitions;
    this.outcomes = outcomes;
  }

  /** It takes a human to go on; the pairing stays. */
  void fail(StatusReason reason) throws InterruptedException {
    Batch batch = begin();
    outcomes.abandonAll(batch);
    fail(reason, batch);
  }

  /** It takes a new scan to go on. */
  void failUnpaired(StatusReason reason) throws InterruptedException {
    Batch batch = begin();
    endPairing(batch);
    fail(reason, batch);
  }

  private void fail(StatusReason reason, Batch batch) throws InterruptedException {
    if (!InstanceStatus.FAILED.mayFollow(situation.state().status())) {
      // Nothing was begun that could fail, or it has failed before: the wish alone is used up.
      batch.step().add(new Fact.WishUsed(situation.wish()));
    } else {
      transitions.add(batch.step(), InstanceStatus.FAILED, reason, situation.wish());
    }
    situation.append(batch.step());
  }

  /** Back to the beginning, with nothing paired. */
  void toPending(StatusReason reason) throws InterruptedException {
    Batch batch = begin();
    endPairing(batch);
    toPending(reason, batch.step());
    situation.append(batch.step());
  }

  private void toPending(StatusReason reason, Step step) {
    if (situation.state().status() == InstanceStatus.PENDING) {
      step.add(new Fact.WishUsed(situation.wish()));
    } else {
      transitions.add(step, InstanceStatus.PENDING, reason, situation.wish());
    }
  }

  /**
   * The customer wishes it to be over, by logout or by deleting the instance.
   *
   * @param unlinked whether WhatsApp knows; else the phone still lists the device
   */
  void asWished(boolean unlinked) throws InterruptedException {
    Batch batch = begin();
    endPairing(batch);
    if (situation.instance().desired() == Desired.DELETED) {
      batch.step().add(new Fact.Deleted());
      batch.step().announce(EventType.INSTANCE_DELETED, new EventData.InstanceDeleted(unlinked));
    } else {
      toPending(StatusReason.REQUESTED, batch.step());
    }
    situation.append(batch.step());
  }

  private Batch begin() {
    situation.hangUp();
    timers.clear(DIAL);
    timers.clear(GRACE);
    return new Batch(log.begin());
  }

  private void endPairing(Batch batch) throws InterruptedException {
    outcomes.abandonAll(batch);
    Optional<PairingId> pairing = situation.state().pairing();
    pairing.ifPresent(over -> batch.step().add(new Fact.PairingEnded(over)));
    situation.setCredentials(null);
  }
}
