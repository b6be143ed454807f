package dev.heliograph.session;

import static dev.heliograph.session.Timers.Timer.DIAL;
import static dev.heliograph.session.Timers.Timer.GRACE;
import static dev.heliograph.session.Timers.Timer.LOGIN;

import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.instance.StatusReason;
import dev.heliograph.journal.Fact;
import dev.heliograph.journal.SessionClock;
import dev.heliograph.journal.SessionLog;
import dev.heliograph.journal.Step;
import dev.heliograph.whatsapp.auth.Credentials;
import dev.heliograph.whatsapp.socket.CloseReason;
import dev.heliograph.whatsapp.socket.Connection;
import dev.heliograph.whatsapp.socket.DialException;
import dev.heliograph.whatsapp.socket.Dialer;
import dev.heliograph.whatsapp.stream.Ending;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Makes the connection, and decides what follows when it ends. */
final class Line {
  private static final int PAIRING_ATTEMPTS = 3;
  private static final Duration LOGIN_WITHIN = Duration.ofSeconds(30);
  private static final Duration REPLACED_TWICE_WITHIN = Duration.ofMinutes(5);

  /** On top of what the server says, which may be nothing. */
  private static final Duration SHORTEST_BAN = Duration.ofSeconds(60);

  private static final Duration UNCONFIRMED_PAUSE = Duration.ofSeconds(10);

  private static final Logger logger = LoggerFactory.getLogger(Line.class);

  private final Situation situation;
  private final SessionSettings settings;
  private final SessionLog log;
  private final Mailbox mailbox;
  private final Dialer dialer;
  private final Timers timers;
  private final Transitions transitions;
  private final Endings endings;
  private final SessionClock clock;
  private final RandomGenerator random;
  private final Backoff backoff;

  private long connections;
  private int refusedLogins;
  private long replacedAt;
  private boolean wasReplaced;

  Line(
      Situation situation,
      SessionSettings settings,
      SessionLog log,
      Mailbox mailbox,
      Dialer dialer,
      Timers timers,
      Transitions transitions,
      Endings endings,
      SessionClock clock,
      RandomGenerator random) {
    this.situation = situation;
    this.settings = settings;
    this.log = log;
    this.mailbox = mailbox;
    this.dialer = dialer;
    this.timers = timers;
    this.transitions = transitions;
    this.endings = endings;
    this.clock = clock;
    this.random = random;
    this.backoff = new Backoff(random);
  }

  /** Connects, if that is still wanted. */
  void dial() throws InterruptedException {
    if (!situation.wantsLink() || situation.isLinked()) {
      return;
    }
    Optional<Credentials> paired = situation.credentials();
    Credentials keys = paired.orElseGet(() -> Credentials.generate(random));
    byte[] payload =
        paired.isPresent()
            ? settings.payloads().login(keys)
            : settings.payloads().registration(keys);
    long number = ++connections;
    Reader reader = new Reader(number, mailbox);
    Connection connection;
    try {
      connection = dialer.dial(keys.noiseKey(), () -> ifStillOurs(payload), reader);
    } catch (DialException unreached) {
      info().addKeyValue("reason", unreached.reason()).log("no connection");
      situation.listener().notConnected(unreached.reason());
      failed(unreached.isAnswered());
      return;
    }
    reader.attach(connection);
    Link.Phase phase = paired.isPresent() ? Link.Phase.LOGGING_IN : Link.Phase.PAIRING;
    situation.setLink(new Link(number, connection, keys, phase));
    timers.set(LOGIN, LOGIN_WITHIN);
    if (!situation.isToUnlink() && situation.isDown()) {
      transitions.append(InstanceStatus.CONNECTING);
    }
  }

  /** Or we would throw out the session of whoever owns it now. */
  private byte[] ifStillOurs(byte[] payload) throws InterruptedException {
    log.requireLast();
    return payload;
  }

  /** The connection has lasted: what failed before it is forgotten. */
  void stable() {
    backoff.reset();
  }

  /** A phone has scanned: its logins count from now. */
  void paired() {
    refusedLogins = 0;
  }

  /** An attempt led nowhere: another one follows, or none is worth making. */
  private void failed(boolean isAnswered) throws InterruptedException {
    backoff.failed(isAnswered);
    if (backoff.isExhausted() && !situation.isToUnlink()) {
      backoff.reset(); // whoever asks for it again gets as many attempts again
      endings.fail(StatusReason.RETRIES_EXHAUSTED);
    } else {
      timers.set(DIAL, backoff.next());
    }
  }

  /** The connection is gone, or is to go. */
  void lost(CloseReason reason) throws InterruptedException {
    Optional<Link> gone = situation.link();
    if (gone.isEmpty()) {
      return;
    }
    info().addKeyValue("reason", reason).log("connection lost");
    situation.listener().lost(reason);
    situation.hangUp();
    down(StatusReason.CONNECTION_LOST);
    if (gone.get().phase() == Link.Phase.PAIRED) {
      timers.set(DIAL, Duration.ZERO);
    } else {
      failed(!gone.get().isLoggedIn());
    }
  }

  /** Tells that the connection is down, unless a take-over may still go unnoticed. */
  void down(StatusReason reason) throws InterruptedException {
    if (timers.isSet(GRACE)) {
      return;
    }
    Step step = log.begin();
    switch (situation.state().status()) {
      case CONNECTED -> transitions.add(step, InstanceStatus.DISCONNECTED, reason);
      case CONNECTING -> {
        if (situation.state().isConfirmed()) {
          transitions.add(step, InstanceStatus.DISCONNECTED, reason);
        }
      }
      case QR -> transitions.add(step, InstanceStatus.CONNECTING, null);
      case PENDING, DISCONNECTED, FAILED -> {}
    }
    if (!step.isEmpty()) {
      situation.append(step);
    }
  }

  /** WhatsApp says why it ends the stream. */
  void ended(Ending ending) throws InterruptedException {
    info().addKeyValue("ending", ending).log("WhatsApp ended the stream");
    situation.listener().ended(ending);
    switch (ending) {
      case Ending.RestartRequired restart -> restart();
      case Ending.LoggedOut out -> loggedOut(out);
      case Ending.Banned banned -> over(StatusReason.BANNED);
      case Ending.Replaced replaced -> replaced();
      case Ending.TemporarilyBanned banned -> {
        situation.hangUp();
        timers.clear(GRACE);
        down(StatusReason.TEMPORARILY_BANNED);
        timers.set(DIAL, banned.expires().plus(SHORTEST_BAN));
      }
      case Ending.ClientOutdated outdated -> giveUp(StatusReason.CLIENT_OUTDATED);
      case Ending.Refused refused -> giveUp(StatusReason.SERVER_ERROR);
      case Ending.Unavailable unavailable -> {
        situation.hangUp();
        down(StatusReason.SERVER_ERROR);
        failed(true);
      }
      case Ending.BadStanza bad -> lost(CloseReason.CLOSED_BY_SERVER);
      case Ending.EndOfStream close -> lost(CloseReason.CLOSED_BY_SERVER);
    }
  }

  /** Always after pairing, at times later; then it is none of the customer's business. */
  private void restart() throws InterruptedException {
    boolean isAfterPairing =
        situation.link().filter(link -> link.phase() == Link.Phase.PAIRED).isPresent();
    situation.hangUp();
    if (situation.state().status() == InstanceStatus.CONNECTED) {
      timers.setIfUnset(GRACE, settings.grace());
    }
    if (isAfterPairing) {
      timers.set(DIAL, Duration.ZERO);
    } else {
      failed(false);
    }
  }

  /** Another attempt is worth nothing, but for the logout that the customer waits for. */
  private void giveUp(StatusReason reason) throws InterruptedException {
    if (situation.isToUnlink()) {
      situation.hangUp();
      failed(false);
    } else {
      endings.fail(reason);
    }
  }

  private void loggedOut(Ending.LoggedOut out) throws InterruptedException {
    boolean isConfirmed = situation.state().isConfirmed();
    if (situation.isToUnlink() || isConfirmed || !situation.isPaired()) {
      over(out.code() == 403 ? StatusReason.ACCOUNT_LOCKED : StatusReason.LOGGED_OUT);
      return;
    }
    // The phone has shown us as linked, or is about to: the server may not know us yet.
    situation.hangUp();
    if (++refusedLogins < PAIRING_ATTEMPTS) {
      timers.set(DIAL, UNCONFIRMED_PAUSE);
    } else {
      endings.toPending(StatusReason.PAIRING_FAILED);
    }
  }

  private void over(StatusReason reason) throws InterruptedException {
    if (situation.isToUnlink()) {
      endings.asWished(true);
    } else {
      endings.failUnpaired(reason);
    }
  }

  /** Someone has connected with our credentials: if it is another worker, the append will tell. */
  private void replaced() throws InterruptedException {
    situation.hangUp();
    timers.clear(GRACE);
    long now = clock.nanos();
    if (wasReplaced && now - replacedAt < REPLACED_TWICE_WITHIN.toNanos()) {
      giveUp(StatusReason.REPLACED);
      return;
    }
    wasReplaced = true;
    replacedAt = now;
    Step step = log.begin();
    if (InstanceStatus.DISCONNECTED.mayFollow(situation.state().status())) {
      transitions.add(step, InstanceStatus.DISCONNECTED, StatusReason.REPLACED);
    } else {
      step.add(new Fact.WishUsed(situation.state().usedWish())); // asks the journal, says nothing
    }
    situation.append(step);
    long lease = settings.lease().toMillis();
    timers.set(DIAL, Duration.ofMillis(lease + random.nextLong(lease)));
  }

  private LoggingEventBuilder info() {
    return logger.atInfo().addKeyValue("instance", situation.instance().id());
  }
}
