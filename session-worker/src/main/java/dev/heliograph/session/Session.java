package dev.heliograph.session;

import static dev.heliograph.session.Timers.Timer.CHECKPOINT;
import static dev.heliograph.session.Timers.Timer.DIAL;
import static dev.heliograph.session.Timers.Timer.GRACE;

import dev.heliograph.id.IdGenerator;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.instance.StatusReason;
import dev.heliograph.journal.EpochPassedException;
import dev.heliograph.journal.FencedException;
import dev.heliograph.journal.OutcomeUnknownException;
import dev.heliograph.journal.RatchetsBehindException;
import dev.heliograph.journal.SessionClock;
import dev.heliograph.journal.SessionEndedException;
import dev.heliograph.journal.SessionLog;
import dev.heliograph.journal.SessionState;
import dev.heliograph.journal.SessionStorage;
import dev.heliograph.message.QueuePlace;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.ProtocolException;
import dev.heliograph.whatsapp.auth.Pairing;
import dev.heliograph.whatsapp.message.RetryRequest;
import dev.heliograph.whatsapp.socket.CloseReason;
import dev.heliograph.whatsapp.socket.ConnectionClosedException;
import dev.heliograph.whatsapp.socket.Dialer;
import dev.heliograph.whatsapp.socket.IqErrorException;
import dev.heliograph.whatsapp.socket.IqTimeoutException;
import dev.heliograph.whatsapp.stream.Acks;
import dev.heliograph.whatsapp.stream.Ending;
import dev.heliograph.whatsapp.stream.Info;
import dev.heliograph.whatsapp.stream.Success;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The live side of one instance: an actor that takes from its mailbox and handles one thing after
 * the other, on a thread of its own. All that it knows is in its log, all that it does is appended
 * there first. It shares nothing and holds no lock.
 */
public final class Session {
  /** Not at once: whoever has taken over a thousand numbers has their logins to write first. */
  private static final Duration CHECKPOINT_AFTER_OPENING = Duration.ofSeconds(30);

  private static final Duration CHECKPOINT_WHEN_IDLE = Duration.ofMinutes(5);
  private static final Duration LONGEST_SLEEP = Duration.ofMinutes(1);
  private static final Duration UNREAD_AGAIN = Duration.ofSeconds(1);
  private static final int OFFLINE_BATCH = 100;

  private static final Logger logger = LoggerFactory.getLogger(Session.class);

  private final SessionSettings settings;
  private final SessionStorage storage;
  private final SessionLog log;
  private final Mailbox mailbox;
  private final Epochs epochs;
  private final Timers timers;
  private final Situation situation;
  private final Wishes wishes;
  private final Line line;
  private final QrPairing pairing;
  private final Login login;
  private final Intake intake;
  private final Dispatch dispatch;
  private @Nullable End end;

  /** How a session ended. */
  public enum End {
    /** It had nothing to do, or was released: everything is written down. */
    AT_REST,
    /** Another owner has the journal, or nobody said whether an entry is in: open it anew. */
    LOST,
    /** The shard is someone else's. */
    NOT_OURS
  }

  /**
   * A session that knows nothing yet.
   *
   * @param instance its row as read a moment ago
   * @param random a secure one outside of simulations
   * @param mistakes what sessions of this worker have failed on
   */
  public Session(
      Instance instance,
      SessionSettings settings,
      SessionStorage storage,
      SessionLog log,
      Mailbox mailbox,
      Dialer dialer,
      Epochs epochs,
      SessionClock clock,
      IdGenerator ids,
      RandomGenerator random,
      SessionListener listener,
      Mistakes mistakes) {
    this.settings = settings;
    this.storage = storage;
    this.log = log;
    this.mailbox = mailbox;
    this.epochs = epochs;
    this.timers = new Timers(clock);
    this.situation = new Situation(instance, log, mailbox, timers, clock, listener, mistakes);
    Transitions transitions = new Transitions(situation, log, clock);
    Directory directory = new Directory(clock);
    InFlight inFlight = new InFlight(clock, random);
    Outcomes outcomes = new Outcomes(instance.id(), log, storage, clock, inFlight);
    Endings endings = new Endings(situation, log, timers, transitions, outcomes);
    this.wishes = new Wishes(situation, log, timers, transitions, endings, outcomes, clock);
    this.line =
        new Line(
            situation, settings, log, mailbox, dialer, timers, transitions, endings, clock, random);
    this.pairing =
        new QrPairing(situation, log, timers, transitions, endings, line, clock, ids, random);
    this.login = new Login(situation, log, timers, transitions, random);
    Inbound inbound = new Inbound(instance.id(), log, storage, clock, random);
    this.intake =
        new Intake(situation, log, mailbox, clock, random, directory, outcomes, inFlight, inbound);
    Outbound outbound =
        new Outbound(
            situation, log, storage, clock, random, directory, outcomes, settings.resendFor());
    SendQueue queue = new SendQueue(log, storage, clock);
    this.dispatch =
        new Dispatch(situation, log, clock, timers, queue, outcomes, inFlight, outbound);
  }

  /**
   * Opens the journal and works until there is nothing to do, or nothing that may be done. Begins
   * with what the mailbox has, which is a {@link Mail.Look}: one that it has not taken when it ends
   * is told to the next session, so that looking without being told would be no end of it.
   */
  public End run() throws InterruptedException {
    try {
      if (!open()) {
        return End.NOT_OURS;
      }
      while (end == null) {
        turn();
      }
      return end;
    } catch (FencedException | OutcomeUnknownException | SessionEndedException lost) {
      logger
          .atInfo()
          .addKeyValue("instance", situation.instance().id())
          .addKeyValue("why", lost.getClass().getSimpleName())
          .log("session lost");
      tellNext();
      return End.LOST;
    } catch (RuntimeException defect) {
      situation.failed(defect);
      tellNext();
      throw defect;
    } finally {
      situation.hangUp();
    }
  }

  /** Has the session after this one look at what this one has been told of. */
  private void tellNext() {
    mailbox.put(new Mail.Look(dispatch.waiting()));
  }

  private boolean open() throws InterruptedException {
    long epoch = epochs.current();
    while (true) {
      try {
        log.open(settings.worker(), epoch, settings.generation());
        situation.restoreCredentials();
        if (situation.state().status() == InstanceStatus.CONNECTED) {
          timers.set(GRACE, settings.grace());
        }
        timers.set(CHECKPOINT, CHECKPOINT_AFTER_OPENING);
        return true;
      } catch (EpochPassedException passed) {
        Optional<Long> raised = epochs.raiseAbove(passed.met());
        if (raised.isEmpty()) {
          return false;
        }
        epoch = raised.get();
      } catch (RatchetsBehindException behind) {
        drop(behind);
      }
    }
  }

  /** What the mailbox has, what is due, what waits to be sent. */
  private void turn() throws InterruptedException {
    situation.handle(null);
    try {
      // What the turn before has appended and not projected, as its connection closed in between:
      // rows are read to know what was received and what became of what was sent.
      log.project();
      Optional<Mail> mail = mailbox.poll(untilNextTurn());
      if (mail.isPresent()) {
        handle(mail.get());
      }
      for (Timers.Timer timer : timers.takeDue()) {
        fire(timer);
      }
      if (intake.takePreKeysLow()) {
        Optional<Link> link = situation.link().filter(Link::isLoggedIn);
        if (link.isPresent()) {
          login.keepPreKeys(link.get().connection());
        }
      }
      dispatch.answerRetries();
      dispatch.sendRefusedAgain();
      dispatch.lookAtRefused();
      dispatch.endDead();
      dispatch.abandonOverdue();
      dispatch.send();
      if (log.isCheckpointDue()) {
        log.checkpoint();
      }
      restIfIdle();
    } catch (ConnectionClosedException closed) {
      // What follows from it comes with the mail that says so.
    } catch (IqTimeoutException | IqErrorException unanswered) {
      warn(unanswered).log("no answer, connecting anew");
      line.lost(CloseReason.SILENT);
    } catch (ProtocolException malformed) {
      warn(malformed).log("answer makes no sense, connecting anew");
      line.lost(CloseReason.BAD_NODE);
    } catch (RatchetsBehindException behind) {
      drop(behind);
      line.lost(CloseReason.CLOSED_BY_US);
    }
  }

  private void drop(RatchetsBehindException behind) throws InterruptedException {
    warn(behind).log("ratchets dropped");
    log.dropRatchets(behind.seq());
  }

  private LoggingEventBuilder warn(RuntimeException cause) {
    return logger.atWarn().addKeyValue("instance", situation.instance().id()).setCause(cause);
  }

  private Duration untilNextTurn() {
    if (dispatch.isReady()) {
      return Duration.ZERO;
    }
    Duration untilChange = dispatch.untilChange().orElse(LONGEST_SLEEP);
    boolean isFar = untilChange.compareTo(LONGEST_SLEEP) > 0;
    return timers.untilNext(isFar ? LONGEST_SLEEP : untilChange);
  }

  private void handle(Mail mail) throws InterruptedException {
    switch (mail) {
      case Mail.Stanza stanza -> {
        Optional<Node> alone = intake.take(stanza);
        dispatch.awaitAcks();
        Optional<Link> link = situation.link();
        if (alone.isPresent() && link.isPresent()) {
          situation.handle(Intake.nameOf(alone.get()));
          handleAlone(alone.get(), link.get());
          situation.handle(null);
        }
      }
      case Mail.Closed closed -> {
        if (situation.isCurrent(closed.connection())) {
          line.lost(closed.reason());
        }
      }
      case Mail.Look look -> look(look.messages());
      case Mail.Release release -> rest();
    }
  }

  private void handleAlone(Node node, Link link) throws InterruptedException {
    Optional<Ending> ending = Ending.find(node);
    Optional<Info> info = Info.find(node);
    if (ending.isPresent()) {
      line.ended(ending.get());
    } else if (Success.is(node) && link.phase() == Link.Phase.LOGGING_IN) {
      loggedIn(link);
    } else if (Pairing.isPairDevice(node) && link.phase() == Link.Phase.PAIRING) {
      pairing.offered(node, link);
    } else if (Pairing.isPairSuccess(node) && link.phase() == Link.Phase.PAIRING) {
      pairing.scanned(node, link);
    } else if (node.is("receipt") && link.isLoggedIn()) {
      askedAgain(node, link);
    } else if (info.isPresent()) {
      switch (info.get()) {
        case Info.OfflinePreview preview ->
            link.connection().send(Info.offlineBatch(OFFLINE_BATCH));
        case Info.OfflineDone done -> dispatch.drained();
        case Info.Other other -> {}
      }
    }
  }

  private void askedAgain(Node receipt, Link link) {
    situation.listener().askedAgain();
    try {
      dispatch.asked(RetryRequest.parse(receipt));
    } catch (ProtocolException malformed) {
      warn(malformed).log("retry makes no sense");
      Acks.of(receipt, Acks.UNKNOWN_STANZA).ifPresent(link.connection()::send);
    }
  }

  private void loggedIn(Link link) throws InterruptedException {
    if (situation.isToUnlink()) {
      wishes.logOut(link);
    } else {
      login.succeeded(link);
      situation.listener().loggedIn();
    }
  }

  private void fire(Timers.Timer timer) throws InterruptedException {
    switch (timer) {
      case DIAL -> line.dial();
      case LOGIN -> silent(timer);
      case QR -> pairing.showNext();
      case GRACE -> line.down(StatusReason.CONNECTION_LOST);
      case DRAIN -> dispatch.drained();
      case ACK -> unacked(timer);
      case STABLE -> line.stable();
      case CHECKPOINT -> {
        timers.set(CHECKPOINT, CHECKPOINT_WHEN_IDLE);
        if (log.hasTail()) {
          log.checkpoint();
        }
        log.releaseRecords();
      }
    }
  }

  private void silent(Timers.Timer timer) throws InterruptedException {
    if (!hasUnread(timer)) {
      line.lost(CloseReason.SILENT);
    }
  }

  private void unacked(Timers.Timer timer) throws InterruptedException {
    if (!hasUnread(timer) && dispatch.isUnanswered()) {
      line.lost(CloseReason.SILENT);
    }
  }

  /**
   * Whether the answer may lie in the mailbox, unread since we were busy: then it is read first.
   */
  private boolean hasUnread(Timers.Timer timer) {
    boolean hasUnread = mailbox.size() > 0;
    if (hasUnread) {
      timers.set(timer, UNREAD_AGAIN);
    }
    return hasUnread;
  }

  private void look(List<QueuePlace> messages) throws InterruptedException {
    dispatch.look(messages);
    Optional<Instance> row = log.answered(storage::instance);
    if (row.isEmpty() || situation.state().isDeleted()) {
      dispatch.endDead();
      rest();
      return;
    }
    situation.look(row.get());
    wishes.serve();
    restIfIdle();
  }

  // The end

  private void restIfIdle() throws InterruptedException {
    SessionState state = situation.state();
    boolean isIdle = !situation.isLinked() && !timers.isSet(DIAL) && !situation.wantsLink();
    if (end == null && (state.isDeleted() || (isIdle && dispatch.isEmpty()))) {
      rest();
    }
  }

  /** Writes everything down and ends. */
  private void rest() throws InterruptedException {
    situation.hangUp();
    if (log.hasTail()) {
      log.checkpoint();
    }
    end = End.AT_REST;
  }
}
