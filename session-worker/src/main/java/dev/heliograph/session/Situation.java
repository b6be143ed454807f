package dev.heliograph.session;

import dev.heliograph.instance.Desired;
import dev.heliograph.instance.Instance;
import dev.heliograph.journal.SessionClock;
import dev.heliograph.journal.SessionLog;
import dev.heliograph.journal.SessionState;
import dev.heliograph.journal.Step;
import dev.heliograph.whatsapp.auth.Credentials;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a session stands: what is wished, who it is, and the connection of the moment. The parts of
 * a session share it; there is one thread.
 */
final class Situation {
  private final SessionLog log;
  private final Mailbox mailbox;
  private final Timers timers;
  private final SessionClock clock;
  private final SessionListener listener;
  private final Mistakes mistakes;
  private Instance instance;
  private @Nullable Credentials credentials;
  private @Nullable Link link;
  private @Nullable Instant lastLive;
  private @Nullable String atHand;

  Situation(
      Instance instance,
      SessionLog log,
      Mailbox mailbox,
      Timers timers,
      SessionClock clock,
      SessionListener listener,
      Mistakes mistakes) {
    this.instance = instance;
    this.log = log;
    this.mailbox = mailbox;
    this.timers = timers;
    this.clock = clock;
    this.listener = listener;
    this.mistakes = mistakes;
  }

  /** Takes in the instance's row as it is now. */
  void look(Instance row) {
    instance = row;
  }

  /** Who is told what the parts of the session do. */
  SessionListener listener() {
    return listener;
  }

  /**
   * Notes what is being handled: should the session fail now, this is to blame.
   *
   * @param what a name that it has whenever it comes; null if it is nothing that comes again
   */
  void handle(@Nullable String what) {
    atHand = what;
  }

  /** The session has failed. */
  void failed(RuntimeException thrown) {
    if (atHand != null) {
      mistakes.failed(instance.id(), atHand, thrown);
    }
  }

  /** Whether sessions have failed on what is being handled, and this one would, too. */
  boolean isHopeless() {
    return atHand != null && mistakes.isHopeless(instance.id(), atHand);
  }

  /** The number of the wish that is being served. */
  long wish() {
    return instance.wish();
  }

  Instance instance() {
    return instance;
  }

  SessionState state() {
    return log.state();
  }

  /** Reads the credentials of the pairing that the journal says there is. */
  void restoreCredentials() {
    byte[] stored = state().pairing().isPresent() ? log.begin().find(Credentials.RECORD) : null;
    credentials = stored == null ? null : Credentials.decode(stored);
  }

  /** Those of the pairing; empty if there is none. */
  Optional<Credentials> credentials() {
    return Optional.ofNullable(credentials);
  }

  Credentials requireCredentials() {
    return credentials().orElseThrow(() -> new IllegalStateException("not paired"));
  }

  boolean isPaired() {
    return credentials != null;
  }

  void setCredentials(@Nullable Credentials now) {
    credentials = now;
  }

  Optional<Link> link() {
    return Optional.ofNullable(link);
  }

  boolean isLinked() {
    return link != null;
  }

  void setLink(Link now) {
    link = now;
    mailbox.setConnected(now.isLoggedIn());
  }

  /** Whether this is the number of the connection of the moment. */
  boolean isCurrent(long connection) {
    return link != null && link.number() == connection;
  }

  /** Closes the connection, if there is one, and all that waits for something from it. */
  void hangUp() {
    Link current = link;
    link = null;
    mailbox.setConnected(false);
    timers.clearThoseOfConnection();
    if (current != null) {
      if (current.isLoggedIn()) {
        lastLive = clock.now();
      }
      current.connection().close();
    }
  }

  /** When this session has lost its last connection; null if it has had none. */
  @Nullable Instant lastLive() {
    return lastLive;
  }

  /** Whether the customer has wished something that nothing has used up yet. */
  boolean isWishNew() {
    return instance.wish() > state().usedWish();
  }

  /** Whether there should be a connection. */
  boolean wantsLink() {
    return switch (instance.desired()) {
      case NONE, STOPPED -> false;
      case RUNNING -> isWishNew();
      case LOGGED_OUT -> isWishNew() && isPaired();
      case DELETED -> isPaired();
    };
  }

  /** Whether a connection is wanted for the logout alone. */
  boolean isToUnlink() {
    return instance.desired() == Desired.LOGGED_OUT || instance.desired() == Desired.DELETED;
  }

  /** Whether the status says that there is no connection, and none coming. */
  boolean isDown() {
    return switch (state().status()) {
      case PENDING, DISCONNECTED, FAILED -> true;
      case QR, CONNECTING, CONNECTED -> false;
    };
  }

  /** Appends a step and writes what follows from it. */
  void append(Step step) throws InterruptedException {
    log.append(step);
    log.project();
  }
}
