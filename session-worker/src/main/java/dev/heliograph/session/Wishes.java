package dev.heliograph.session;

import static dev.heliograph.session.Timers.Timer.DIAL;
import static dev.heliograph.session.Timers.Timer.GRACE;
import static java.util.Objects.requireNonNull;

import dev.heliograph.instance.Desired;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.instance.StatusReason;
import dev.heliograph.journal.Fact;
import dev.heliograph.journal.SessionClock;
import dev.heliograph.journal.SessionLog;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.stream.Iqs;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the customer wishes of the instance, brought about as far as can be at the moment. */
final class Wishes {
  private static final Duration UNLINK_TRIED_FOR = Duration.ofHours(24);

  /** There may have been no worker to try it all that time. */
  private static final Duration UNLINK_TRIED_AT_LEAST = Duration.ofMinutes(5);

  private final Situation situation;
  private final SessionLog log;
  private final Timers timers;
  private final Transitions transitions;
  private final Endings endings;
  private final Outcomes outcomes;
  private final SessionClock clock;
  private @Nullable Long unlinkingSince;

  Wishes(
      Situation situation,
      SessionLog log,
      Timers timers,
      Transitions transitions,
      Endings endings,
      Outcomes outcomes,
      SessionClock clock) {
    this.situation = situation;
    this.log = log;
    this.timers = timers;
    this.transitions = transitions;
    this.endings = endings;
    this.outcomes = outcomes;
    this.clock = clock;
  }

  /** Does what the row says. May be called for the same wish again. */
  void serve() throws InterruptedException {
    switch (situation.instance().desired()) {
      case NONE -> {}
      case RUNNING -> {
        if (situation.wantsLink() && !situation.isLinked()) {
          timers.setIfUnset(DIAL, Duration.ZERO);
        }
      }
      case STOPPED -> stop();
      case LOGGED_OUT, DELETED -> unlink();
    }
  }

  private void stop() throws InterruptedException {
    timers.clear(DIAL);
    timers.clear(GRACE);
    situation.hangUp();
    if (!situation.isPaired() && !situation.isDown()) {
      endings.toPending(StatusReason.REQUESTED);
      return;
    }
    Batch batch = new Batch(log.begin());
    // Of what may have been sent, a receipt may still tell, should it ever connect again.
    outcomes.abandonAll(batch);
    if (!situation.isDown()) {
      transitions.add(
          batch.step(), InstanceStatus.DISCONNECTED, StatusReason.REQUESTED, situation.wish());
    } else if (situation.isWishNew()) {
      batch.step().add(new Fact.WishUsed(situation.wish()));
    }
    if (!batch.step().isEmpty()) {
      situation.append(batch.step());
    }
  }

  /** Gets rid of the device at WhatsApp, then of everything here. */
  private void unlink() throws InterruptedException {
    Instance instance = situation.instance();
    boolean isDone = instance.desired() == Desired.LOGGED_OUT && !situation.isWishNew();
    if (isDone) {
      return;
    }
    if (unlinkingSince == null) {
      unlinkingSince = clock.nanos();
    }
    Optional<Link> link = situation.link();
    if (!situation.isPaired()) {
      endings.asWished(false);
    } else if (link.filter(Link::isLoggedIn).isPresent()) {
      logOut(link.get());
    } else if (isUnlinkingForTooLong()) {
      endings.asWished(false);
    } else if (link.isEmpty()) {
      timers.setIfUnset(DIAL, Duration.ZERO);
    }
  }

  private boolean isUnlinkingForTooLong() {
    Instant wishedAt = situation.instance().updatedAt();
    long tried = clock.nanos() - requireNonNull(unlinkingSince);
    return wishedAt.plus(UNLINK_TRIED_FOR).isBefore(clock.now())
        && tried > UNLINK_TRIED_AT_LEAST.toNanos();
  }

  /** Tells WhatsApp that the device is no more, then forgets it. */
  void logOut(Link link) throws InterruptedException {
    Jid ours = link.credentials().account().pn();
    // If the connection closes before the answer, the next login tells: a 401 says that it was
    // done.
    link.connection().request(Iqs.logout(link.connection().nextId(), ours), Iqs.ANSWER_WITHIN);
    endings.asWished(true);
  }
}
