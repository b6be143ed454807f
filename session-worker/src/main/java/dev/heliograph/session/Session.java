package dev.heliograph.session;

import static dev.heliograph.session.Timers.Timer.ACK;
import static dev.heliograph.session.Timers.Timer.CHECKPOINT;
import static dev.heliograph.session.Timers.Timer.DIAL;
import static dev.heliograph.session.Timers.Timer.DRAIN;
import static dev.heliograph.session.Timers.Timer.GRACE;
import static dev.heliograph.session.Timers.Timer.LOGIN;
import static dev.heliograph.session.Timers.Timer.QR;
import static dev.heliograph.session.Timers.Timer.STABLE;

import dev.heliograph.authstate.PairingId;
import dev.heliograph.event.EventData;
import dev.heliograph.event.EventType;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.instance.Desired;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.instance.StatusReason;
import dev.heliograph.journal.EpochPassedException;
import dev.heliograph.journal.Fact;
import dev.heliograph.journal.FencedException;
import dev.heliograph.journal.OutcomeUnknownException;
import dev.heliograph.journal.RatchetsBehindException;
import dev.heliograph.journal.SessionClock;
import dev.heliograph.journal.SessionEndedException;
import dev.heliograph.journal.SessionLog;
import dev.heliograph.journal.SessionState;
import dev.heliograph.journal.SessionState.Unsettled;
import dev.heliograph.journal.SessionStorage;
import dev.heliograph.journal.Step;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageStatus;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.ProtocolException;
import dev.heliograph.whatsapp.auth.Account;
import dev.heliograph.whatsapp.auth.Credentials;
import dev.heliograph.whatsapp.auth.Pairing;
import dev.heliograph.whatsapp.auth.QrCode;
import dev.heliograph.whatsapp.message.Receipt;
import dev.heliograph.whatsapp.message.ReceiptType;
import dev.heliograph.whatsapp.message.RetryRequest;
import dev.heliograph.whatsapp.message.ServerAck;
import dev.heliograph.whatsapp.signal.PreKey;
import dev.heliograph.whatsapp.signal.PreKeys;
import dev.heliograph.whatsapp.signal.SignalSessions;
import dev.heliograph.whatsapp.socket.CloseReason;
import dev.heliograph.whatsapp.socket.Connection;
import dev.heliograph.whatsapp.socket.ConnectionClosedException;
import dev.heliograph.whatsapp.socket.DialException;
import dev.heliograph.whatsapp.socket.Dialer;
import dev.heliograph.whatsapp.socket.IqErrorException;
import dev.heliograph.whatsapp.socket.IqTimeoutException;
import dev.heliograph.whatsapp.stream.Acks;
import dev.heliograph.whatsapp.stream.Ending;
import dev.heliograph.whatsapp.stream.Info;
import dev.heliograph.whatsapp.stream.Iqs;
import dev.heliograph.whatsapp.stream.Notification;
import dev.heliograph.whatsapp.stream.Success;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live side of one instance: an actor that takes from its mailbox and handles one thing after
 * the other, on a thread of its own. All that it knows is in its log, all that it does is appended
 * there first. It shares nothing and holds no lock.
 */
public final class Session {
  /** Stanzas that share an entry, and about how heavy it may get. */
  private static final int BATCH_STANZAS = 32;

  private static final int BATCH_BYTES = 100_000;
  private static final int MOST_IN_FLIGHT = 64;
  private static final int MOST_REPLAYS = 3;
  private static final int PAIRING_ATTEMPTS = 3;

  private static final Duration LOGIN_WITHIN = Duration.ofSeconds(30);
  private static final Duration IQ_WITHIN = Duration.ofSeconds(20);
  private static final Duration DRAINED_WITHIN = Duration.ofSeconds(10);
  private static final Duration ACK_WITHIN = Duration.ofSeconds(75);
  private static final Duration STABLE_AFTER = Duration.ofSeconds(60);
  private static final Duration CHECKPOINT_WHEN_IDLE = Duration.ofMinutes(5);
  private static final Duration REPLACED_TWICE_WITHIN = Duration.ofMinutes(5);
  private static final Duration UNCONFIRMED_PAUSE = Duration.ofSeconds(10);
  private static final Duration UNLINK_TRIED_FOR = Duration.ofHours(24);
  private static final Duration LONGEST_SLEEP = Duration.ofMinutes(1);

  private static final Logger logger = LoggerFactory.getLogger(Session.class);

  private final SessionSettings settings;
  private final SessionStorage storage;
  private final SessionLog log;
  private final Mailbox mailbox;
  private final Dialer dialer;
  private final Epochs epochs;
  private final SessionClock clock;
  private final IdGenerator ids;
  private final RandomGenerator random;

  private final Timers timers;
  private final Backoff backoff;
  private final Directory directory;
  private final SendQueue queue;
  private final Transitions transitions;
  private final Outcomes outcomes;

  private Instance instance;
  private @Nullable Credentials credentials;
  private @Nullable Link link;
  private long connections;
  private final Deque<QrCode> codes = new ArrayDeque<>();
  private final Deque<RetryRequest> retries = new ArrayDeque<>();
  private boolean preKeysLow;
  private int pairingAttempts;
  private int refusedLogins;
  private long replacedAt;
  private boolean wasReplaced;
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
      RandomGenerator random) {
    this.instance = instance;
    this.settings = settings;
    this.storage = storage;
    this.log = log;
    this.mailbox = mailbox;
    this.dialer = dialer;
    this.epochs = epochs;
    this.clock = clock;
    this.ids = ids;
    this.random = random;
    this.timers = new Timers(clock);
    this.backoff = new Backoff(random);
    this.directory = new Directory(clock);
    this.queue = new SendQueue(log, storage);
    this.transitions = new Transitions(log, clock);
    this.outcomes = new Outcomes(instance.id(), log, storage, clock);
  }

  /** Opens the journal and works until there is nothing to do, or nothing that may be done. */
  public End run() throws InterruptedException {
    try {
      if (!open()) {
        return End.NOT_OURS;
      }
      look(List.of());
      while (end == null) {
        step();
      }
      return end;
    } catch (FencedException | OutcomeUnknownException | SessionEndedException lost) {
      logger.atInfo().addKeyValue("instance", instance.id()).setCause(lost).log("session lost");
      return End.LOST;
    } finally {
      mailbox.setConnected(false);
      hangUp();
    }
  }

  private boolean open() throws InterruptedException {
    long epoch = epochs.current();
    while (true) {
      try {
        log.open(settings.worker(), epoch, settings.generation());
        restoreCredentials();
        if (state().status() == InstanceStatus.CONNECTED) {
          timers.set(GRACE, settings.grace());
        }
        timers.set(CHECKPOINT, CHECKPOINT_WHEN_IDLE);
        return true;
      } catch (EpochPassedException passed) {
        Optional<Long> raised = epochs.raiseAbove(passed.met());
        if (raised.isEmpty()) {
          return false;
        }
        epoch = raised.get();
      }
    }
  }

  private void restoreCredentials() {
    byte[] stored = state().pairing().isPresent() ? log.begin().find(Credentials.RECORD) : null;
    credentials = stored == null ? null : Credentials.decode(stored);
  }

  private SessionState state() {
    return log.state();
  }

  /** One turn: what the mailbox has, what is due, what waits to be sent. */
  private void step() throws InterruptedException {
    try {
      Optional<Mail> mail = mailbox.poll(canSend() ? Duration.ZERO : untilNextTimer());
      if (mail.isPresent()) {
        handle(mail.get());
      }
      for (Timers.Timer timer : timers.takeDue()) {
        fire(timer);
      }
      afterwards();
      work();
      if (log.isCheckpointDue()) {
        log.checkpoint();
      }
    } catch (ConnectionClosedException closed) {
      // What follows from it comes with the mail that says so.
    } catch (IqTimeoutException | IqErrorException unanswered) {
      logger
          .atWarn()
          .addKeyValue("instance", instance.id())
          .setCause(unanswered)
          .log("no answer, connecting anew");
      lost(CloseReason.SILENT);
    } catch (ProtocolException malformed) {
      logger
          .atWarn()
          .addKeyValue("instance", instance.id())
          .setCause(malformed)
          .log("stanza makes no sense, connecting anew");
      lost(CloseReason.BAD_NODE);
    } catch (RatchetsBehindException behind) {
      logger.atError().addKeyValue("instance", instance.id()).log("ratchets are behind: dropped");
      Step step = log.begin();
      step.add(new Fact.RatchetsDropped());
      log.append(step);
      lost(CloseReason.CLOSED_BY_US);
    }
  }

  private Duration untilNextTimer() {
    Duration untilDeadline =
        queue
            .firstDeadline()
            .map(deadline -> Duration.between(clock.now(), deadline).plusMillis(1))
            .orElse(LONGEST_SLEEP);
    Duration longest = untilDeadline.isNegative() ? Duration.ZERO : untilDeadline;
    return timers.untilNext(longest.compareTo(LONGEST_SLEEP) < 0 ? longest : LONGEST_SLEEP);
  }

  private void handle(Mail mail) throws InterruptedException {
    switch (mail) {
      case Mail.Stanza stanza -> receive(stanza);
      case Mail.Closed closed -> {
        if (isCurrent(closed.connection())) {
          lost(closed.reason());
        }
      }
      case Mail.Look look -> look(look.messages());
      case Mail.Release release -> rest();
    }
  }

  private boolean isCurrent(long connection) {
    return link != null && link.number() == connection;
  }

  /** Writes everything down and ends. */
  private void rest() throws InterruptedException {
    hangUp();
    if (log.hasTail()) {
      log.checkpoint();
    }
    end = End.AT_REST;
  }

  private void hangUp() {
    Link current = link;
    link = null;
    if (current != null) {
      current.connection().close();
    }
    timers.clear(LOGIN);
    timers.clear(QR);
    timers.clear(DRAIN);
    timers.clear(ACK);
    timers.clear(STABLE);
    codes.clear();
    retries.clear();
    preKeysLow = false;
    mailbox.setConnected(false);
  }

  // What is wished

  private void look(List<MessageId> messages) throws InterruptedException {
    Optional<Instance> row = log.answered(storage::instance);
    if (row.isEmpty() || state().isDeleted()) {
      rest();
      return;
    }
    instance = row.get();
    queue.look(messages);
    reconcile();
  }

  private void reconcile() throws InterruptedException {
    switch (instance.desired()) {
      case NONE -> {}
      case RUNNING -> {
        if (wantsLink() && link == null) {
          timers.setIfUnset(DIAL, Duration.ZERO);
        }
      }
      case STOPPED -> stop();
      case LOGGED_OUT -> unlink();
      case DELETED -> unlink();
    }
  }

  private boolean isWishNew() {
    return instance.wish() > state().usedWish();
  }

  private boolean wantsLink() {
    return switch (instance.desired()) {
      case NONE, STOPPED -> false;
      case RUNNING -> isWishNew();
      case LOGGED_OUT -> isWishNew() && credentials != null;
      case DELETED -> credentials != null;
    };
  }

  private boolean isToUnlink() {
    return instance.desired() == Desired.LOGGED_OUT || instance.desired() == Desired.DELETED;
  }

  private void stop() throws InterruptedException {
    timers.clear(DIAL);
    timers.clear(GRACE);
    hangUp();
    boolean isUp =
        switch (state().status()) {
          case QR, CONNECTING, CONNECTED -> true;
          case PENDING, DISCONNECTED, FAILED -> false;
        };
    if (!isUp) {
      return;
    }
    Step step = log.begin();
    if (credentials == null) {
      transitions.add(step, InstanceStatus.PENDING, StatusReason.REQUESTED, instance.wish());
    } else {
      transitions.add(step, InstanceStatus.DISCONNECTED, StatusReason.REQUESTED);
    }
    append(step);
  }

  /** Gets rid of the device at WhatsApp, then of everything here. */
  private void unlink() throws InterruptedException {
    if (!isWishNew() && instance.desired() == Desired.LOGGED_OUT) {
      return;
    }
    Link current = link;
    if (credentials == null) {
      forgetPairing(false);
    } else if (current != null && current.isLoggedIn()) {
      logOut(current);
    } else if (isUnlinkOverdue()) {
      forgetPairing(false);
    } else if (current == null) {
      timers.setIfUnset(DIAL, Duration.ZERO);
    }
  }

  private boolean isUnlinkOverdue() {
    return instance.updatedAt().plus(UNLINK_TRIED_FOR).isBefore(clock.now());
  }

  private void logOut(Link current) throws InterruptedException {
    Jid ours = current.credentials().account().pn();
    try {
      current.connection().request(Iqs.logout(current.connection().nextId(), ours), IQ_WITHIN);
    } catch (ConnectionClosedException probablyDone) {
      // The next login tells: a 401 says that it was.
      return;
    }
    forgetPairing(true);
  }

  /** The pairing is over because the customer wishes so. */
  private void forgetPairing(boolean unlinked) throws InterruptedException {
    hangUp();
    timers.clear(DIAL);
    timers.clear(GRACE);
    Batch batch = new Batch(log.begin());
    endPairing(batch);
    Step step = batch.step();
    if (instance.desired() == Desired.DELETED) {
      step.add(new Fact.Deleted());
      step.announce(EventType.INSTANCE_DELETED, new EventData.InstanceDeleted(unlinked));
    } else if (state().status() == InstanceStatus.PENDING) {
      step.add(new Fact.WishUsed(instance.wish()));
    } else {
      transitions.add(step, InstanceStatus.PENDING, StatusReason.REQUESTED, instance.wish());
    }
    append(step);
    if (state().isDeleted()) {
      rest();
    }
  }

  private void endPairing(Batch batch) throws InterruptedException {
    outcomes.abandonAll(batch);
    Optional<PairingId> pairing = state().pairing();
    if (pairing.isPresent()) {
      batch.step().add(new Fact.PairingEnded(pairing.get()));
      credentials = null;
    }
  }

  /** It takes a human to go on. */
  private void fail(StatusReason reason, boolean pairingIsOver) throws InterruptedException {
    hangUp();
    timers.clear(DIAL);
    timers.clear(GRACE);
    Batch batch = new Batch(log.begin());
    if (pairingIsOver) {
      endPairing(batch);
    } else {
      outcomes.abandonAll(batch);
    }
    if (state().status() == InstanceStatus.PENDING) {
      // Nothing was begun that could fail: the wish alone is used up.
      batch.step().add(new Fact.WishUsed(instance.wish()));
    } else {
      transitions.add(batch.step(), InstanceStatus.FAILED, reason, instance.wish());
    }
    append(batch.step());
  }

  // The connection

  private void dial() throws InterruptedException {
    if (!wantsLink() || link != null) {
      return;
    }
    Credentials paired = credentials;
    Credentials keys = paired == null ? Credentials.generate(random) : paired;
    byte[] payload =
        paired == null ? settings.payloads().registration(keys) : settings.payloads().login(keys);
    long number = ++connections;
    Reader reader = new Reader(number, mailbox);
    Connection connection;
    try {
      connection = dialer.dial(keys.noiseKey(), payload, reader);
    } catch (DialException unreached) {
      logger
          .atInfo()
          .addKeyValue("instance", instance.id())
          .addKeyValue("reason", unreached.reason())
          .log("no connection");
      failed(unreached.isAnswered());
      return;
    }
    reader.attach(connection);
    Link.Phase phase = paired == null ? Link.Phase.PAIRING : Link.Phase.LOGGING_IN;
    link = new Link(number, connection, keys, phase);
    timers.set(LOGIN, LOGIN_WITHIN);
    if (!isToUnlink() && isDown()) {
      transition(InstanceStatus.CONNECTING);
    }
  }

  private void transition(InstanceStatus to) throws InterruptedException {
    Step step = log.begin();
    transitions.add(step, to, null);
    append(step);
  }

  private boolean isDown() {
    return switch (state().status()) {
      case PENDING, DISCONNECTED, FAILED -> true;
      case QR, CONNECTING, CONNECTED -> false;
    };
  }

  /** An attempt led nowhere: another one follows, or none is worth making. */
  private void failed(boolean isAnswered) throws InterruptedException {
    backoff.failed(isAnswered);
    if (backoff.isExhausted() && !isToUnlink()) {
      fail(StatusReason.RETRIES_EXHAUSTED, false);
    } else {
      timers.set(DIAL, backoff.next());
    }
  }

  /** The connection is gone, or is to go. */
  private void lost(CloseReason reason) throws InterruptedException {
    Link gone = link;
    if (gone == null) {
      return;
    }
    logger
        .atInfo()
        .addKeyValue("instance", instance.id())
        .addKeyValue("reason", reason)
        .log("connection lost");
    hangUp();
    down(StatusReason.CONNECTION_LOST);
    if (gone.phase() == Link.Phase.PAIRED) {
      timers.set(DIAL, Duration.ZERO);
    } else {
      failed(!gone.isLoggedIn());
    }
  }

  /** Tells that the connection is down, unless a take-over may still go unnoticed. */
  private void down(StatusReason reason) throws InterruptedException {
    if (timers.isSet(GRACE)) {
      return;
    }
    Step step = log.begin();
    switch (state().status()) {
      case CONNECTED -> transitions.add(step, InstanceStatus.DISCONNECTED, reason);
      case CONNECTING -> {
        if (state().isConfirmed()) {
          transitions.add(step, InstanceStatus.DISCONNECTED, reason);
        }
      }
      case QR -> transitions.add(step, InstanceStatus.CONNECTING, null);
      case PENDING, DISCONNECTED, FAILED -> {}
    }
    if (!step.isEmpty()) {
      append(step);
    }
  }

  private void ended(Ending ending) throws InterruptedException {
    logger
        .atInfo()
        .addKeyValue("instance", instance.id())
        .addKeyValue("ending", ending)
        .log("WhatsApp ended the stream");
    switch (ending) {
      case Ending.RestartRequired restart -> {
        hangUp();
        timers.set(DIAL, Duration.ZERO);
      }
      case Ending.LoggedOut out -> loggedOut(out);
      case Ending.Banned banned -> over(StatusReason.BANNED);
      case Ending.Replaced replaced -> replaced();
      case Ending.TemporarilyBanned banned -> {
        hangUp();
        timers.clear(GRACE);
        down(StatusReason.TEMPORARILY_BANNED);
        timers.set(DIAL, banned.expires());
      }
      case Ending.ClientOutdated outdated -> fail(StatusReason.CLIENT_OUTDATED, false);
      case Ending.Refused refused -> fail(StatusReason.SERVER_ERROR, false);
      case Ending.Unavailable unavailable -> {
        hangUp();
        down(StatusReason.SERVER_ERROR);
        failed(true);
      }
      case Ending.BadStanza bad -> lost(CloseReason.CLOSED_BY_SERVER);
      case Ending.EndOfStream close -> lost(CloseReason.CLOSED_BY_SERVER);
    }
  }

  private void loggedOut(Ending.LoggedOut out) throws InterruptedException {
    if (isToUnlink()) {
      forgetPairing(true);
      return;
    }
    if (credentials == null || state().isConfirmed()) {
      over(out.code() == 403 ? StatusReason.ACCOUNT_LOCKED : StatusReason.LOGGED_OUT);
      return;
    }
    // The phone has shown us as linked, or is about to: the server may not know us yet.
    hangUp();
    if (++refusedLogins < PAIRING_ATTEMPTS) {
      timers.set(DIAL, UNCONFIRMED_PAUSE);
      return;
    }
    Batch batch = new Batch(log.begin());
    endPairing(batch);
    transitions.add(
        batch.step(), InstanceStatus.PENDING, StatusReason.PAIRING_FAILED, instance.wish());
    append(batch.step());
  }

  private void over(StatusReason reason) throws InterruptedException {
    if (isToUnlink()) {
      forgetPairing(true);
    } else {
      fail(reason, true);
    }
  }

  /** Someone has connected with our credentials: another worker, which the append would tell. */
  private void replaced() throws InterruptedException {
    hangUp();
    timers.clear(GRACE);
    long now = clock.nanos();
    if (wasReplaced && now - replacedAt < REPLACED_TWICE_WITHIN.toNanos()) {
      fail(StatusReason.REPLACED, false);
      return;
    }
    wasReplaced = true;
    replacedAt = now;
    Step step = log.begin();
    if (InstanceStatus.DISCONNECTED.mayFollow(state().status())) {
      transitions.add(step, InstanceStatus.DISCONNECTED, StatusReason.REPLACED);
    } else {
      step.add(new Fact.WishUsed(state().usedWish())); // says nothing, but asks the journal
    }
    append(step);
    long lease = settings.lease().toMillis();
    timers.set(DIAL, Duration.ofMillis(lease + random.nextLong(lease)));
  }

  private void fire(Timers.Timer timer) throws InterruptedException {
    switch (timer) {
      case DIAL -> dial();
      case LOGIN -> lost(CloseReason.SILENT);
      case QR -> showNextCode();
      case GRACE -> down(StatusReason.CONNECTION_LOST);
      case DRAIN -> ready();
      case ACK -> unanswered();
      case STABLE -> backoff.reset();
      case CHECKPOINT -> {
        timers.set(CHECKPOINT, CHECKPOINT_WHEN_IDLE);
        if (log.hasTail()) {
          log.checkpoint();
        }
        log.releaseRecords();
      }
    }
  }

  // Pairing

  private void pairDevice(Node iq, Link current) throws InterruptedException {
    timers.clear(LOGIN);
    pairingAttempts++;
    codes.clear();
    codes.addAll(Pairing.codes(iq, current.credentials()));
    current.connection().send(Pairing.taken(iq));
    showNextCode();
  }

  private void showNextCode() throws InterruptedException {
    Step step = log.begin();
    QrCode code = codes.poll();
    if (code == null) {
      hangUp();
      transitions.add(step, InstanceStatus.PENDING, StatusReason.QR_TIMEOUT, instance.wish());
      append(step);
      return;
    }
    Instant expiresAt = clock.now().plus(code.lifetime());
    if (state().status() != InstanceStatus.QR) {
      transitions.add(step, InstanceStatus.QR, null);
    }
    step.add(new Fact.QrShown(code.text(), expiresAt, pairingAttempts));
    step.announce(EventType.INSTANCE_QR, new EventData.QrShown(code.text(), expiresAt));
    append(step);
    timers.set(QR, code.lifetime());
  }

  private void pairSuccess(Node iq, Link current) throws InterruptedException {
    timers.clear(QR);
    codes.clear();
    switch (Pairing.success(iq, current.credentials())) {
      case Pairing.Outcome.Paired(Credentials paired, Node reply) -> {
        Step step = log.begin();
        Account account = paired.account();
        step.add(
            new Fact.Paired(PairingId.draw(ids), account.pn().user(), account.lid().bare().text()));
        step.put(Credentials.RECORD, paired.encode());
        if (state().status() == InstanceStatus.QR) {
          transitions.add(step, InstanceStatus.CONNECTING, null);
        }
        append(step);
        credentials = paired;
        refusedLogins = 0;
        current.connection().send(reply);
        link = current.in(Link.Phase.PAIRED);
        timers.set(LOGIN, LOGIN_WITHIN); // for the server to close
      }
      case Pairing.Outcome.Refused(Pairing.Reason reason, Node reply) -> {
        current.connection().send(reply);
        hangUp();
        Step step = log.begin();
        transitions.add(step, InstanceStatus.PENDING, StatusReason.PAIRING_FAILED, instance.wish());
        append(step);
      }
    }
  }

  // Login

  private void loggedIn(Link current) throws InterruptedException {
    timers.clear(LOGIN);
    if (isToUnlink()) {
      logOut(current);
      return;
    }
    confirm(current);
    keepPreKeys(current.connection());
    current.connection().request(Iqs.activate(current.connection().nextId()), IQ_WITHIN);
    link = current.in(Link.Phase.DRAINING);
    timers.set(DRAIN, DRAINED_WITHIN);
    timers.set(STABLE, STABLE_AFTER);
    timers.clear(GRACE);
    mailbox.setConnected(true);
    if (isDown()) { // the grace ran out while this login was under way
      transition(InstanceStatus.CONNECTING);
    }
    if (state().status() != InstanceStatus.CONNECTED) {
      transition(InstanceStatus.CONNECTED);
    }
  }

  private void confirm(Link current) throws InterruptedException {
    if (state().isConfirmed()) {
      return;
    }
    Credentials known = current.credentials();
    Credentials confirmed = known.withAccount(known.account().asConfirmed());
    Step step = log.begin();
    step.add(new Fact.PairingConfirmed());
    step.put(Credentials.RECORD, confirmed.encode());
    append(step);
    credentials = confirmed;
  }

  private void keepPreKeys(Connection connection) throws InterruptedException {
    int left =
        Iqs.preKeyCount(connection.request(Iqs.countPreKeys(connection.nextId()), IQ_WITHIN));
    if (left >= PreKeys.REFILL_BELOW) {
      return;
    }
    Step made = log.begin();
    List<PreKey> keys =
        new PreKeys(made, random).toUpload(left == 0 ? PreKeys.FIRST_UPLOAD : PreKeys.REFILL);
    if (!made.isEmpty()) {
      append(made);
    }
    connection.request(
        Iqs.uploadPreKeys(connection.nextId(), requireCredentials(), keys), IQ_WITHIN);
    Step uploaded = log.begin();
    new PreKeys(uploaded, random).uploaded(keys);
    append(uploaded);
  }

  private Credentials requireCredentials() {
    Credentials found = credentials;
    if (found == null) {
      throw new IllegalStateException("not paired");
    }
    return found;
  }

  private void ready() throws InterruptedException {
    Link current = link;
    if (current == null || current.phase() != Link.Phase.DRAINING) {
      return;
    }
    timers.clear(DRAIN);
    link = current.in(Link.Phase.READY);
    Optional<Outbound> outbound = outbound();
    if (outbound.isPresent()) {
      outbound.get().abandonOverdue();
      outbound.get().replay(current.connection());
      awaitAcks();
    }
  }

  // Stanzas

  private void receive(Mail.Stanza first) throws InterruptedException {
    Batch batch = new Batch(log.begin());
    Optional<Mail.Stanza> next = Optional.of(first);
    int count = 0;
    while (next.isPresent()) {
      Link current = link;
      Node node = next.get().node();
      boolean isNew = isCurrent(next.get().connection());
      if (current != null && isNew && !tryAdd(node, batch)) {
        flush(batch);
        handleAlone(node, current);
        return;
      }
      count++;
      boolean isFullBatch = count >= BATCH_STANZAS || batch.step().bytes() >= BATCH_BYTES;
      next = isFullBatch ? Optional.empty() : mailbox.pollStanza();
    }
    flush(batch);
  }

  /** What makes no sense is acked with the rest: it would only come again. */
  private boolean tryAdd(Node node, Batch batch) throws InterruptedException {
    try {
      return add(node, batch);
    } catch (ProtocolException malformed) {
      logger
          .atWarn()
          .addKeyValue("instance", instance.id())
          .addKeyValue("tag", node.tag())
          .setCause(malformed)
          .log("stanza makes no sense");
      if (Acks.isDue(node)) {
        batch.reply(Acks.of(node, Acks.UNKNOWN_STANZA));
      }
      return true;
    }
  }

  /** Adds a stanza to the batch, if it is one that can share an entry. */
  private boolean add(Node node, Batch batch) throws InterruptedException {
    switch (node.tag()) {
      case "message" -> {
        if (credentials == null) {
          return false;
        }
        inbound().take(node, batch);
        return true;
      }
      case "receipt" -> {
        return receipt(node, batch);
      }
      case "ack" -> {
        if (ServerAck.is(node)) {
          acked(ServerAck.parse(node), batch);
        }
        return true;
      }
      case "notification" -> {
        notified(Notification.parse(node), batch);
        batch.reply(Acks.of(node));
        return true;
      }
      default -> {
        if (Acks.isDue(node)) {
          batch.reply(Acks.of(node));
          return true;
        }
        return false;
      }
    }
  }

  private boolean receipt(Node node, Batch batch) throws InterruptedException {
    Receipt receipt = Receipt.parse(node);
    if (receipt.type() == ReceiptType.RETRY) {
      return false;
    }
    Optional<MessageStatus> to =
        switch (receipt.type()) {
          case DELIVERED -> Optional.of(MessageStatus.DELIVERED);
          case READ -> Optional.of(MessageStatus.READ);
          case PLAYED -> Optional.of(MessageStatus.PLAYED);
          case INACTIVE, READ_SELF, PLAYED_SELF, SENDER, RETRY -> Optional.empty();
          case PEER_MESSAGE, HISTORY_SYNC, SERVER_ERROR, OTHER -> Optional.empty();
        };
    if (to.isPresent() && !requireCredentials().account().owns(receipt.from())) {
      Instant at = receipt.time().orElseGet(clock::now);
      for (String id : receipt.messageIds()) {
        outcomes.raise(id, to.get(), at, batch);
      }
    }
    batch.reply(Acks.of(node));
    return true;
  }

  private void acked(ServerAck ack, Batch batch) throws InterruptedException {
    Instant at = ack.time().orElseGet(clock::now);
    switch (ack.verdict()) {
      case ACCEPTED -> outcomes.sent(ack.messageId(), at, batch);
      case TRY_AGAIN -> {} // it stays unsettled, and goes out again with the next connection
      case STALE_DEVICES, REFUSED -> outcomes.refused(ack.messageId(), ack.error(), batch);
    }
  }

  private void notified(Notification notification, Batch batch) {
    switch (notification) {
      case Notification.PreKeysLow low -> preKeysLow = low.count() < PreKeys.REFILL_BELOW;
      case Notification.IdentityChanged(Jid user) -> {
        directory.forget(user);
        if (credentials != null) {
          new SignalSessions(credentials, batch.step(), random).forget(user);
        }
      }
      case Notification.DevicesChanged(Jid user) -> directory.forget(user);
      case Notification.OwnDevicesChanged own -> forgetOwnDevices();
      case Notification.QrRefresh refresh -> {}
      case Notification.PasskeyDemanded passkey -> {}
      case Notification.Other other -> {}
    }
  }

  private void forgetOwnDevices() {
    if (credentials != null) {
      directory.forget(credentials.account().pn().bare());
      directory.forget(credentials.account().lid().bare());
    }
  }

  /** Appends what the batch holds; then its acks and receipts leave, then its rows are written. */
  private void flush(Batch batch) throws InterruptedException {
    if (!batch.step().isEmpty()) {
      log.append(batch.step());
    }
    Link current = link;
    if (current != null) {
      for (Node reply : batch.replies()) {
        current.connection().send(reply);
      }
      resumeIfDrained(current);
    }
    log.project();
    if (state().unsettled().isEmpty()) {
      timers.clear(ACK);
    }
  }

  private void resumeIfDrained(Link current) {
    if (!mailbox.isFull()) {
      current.connection().resume();
    }
  }

  private void handleAlone(Node node, Link current) throws InterruptedException {
    Optional<Ending> ending = Ending.find(node);
    if (ending.isPresent()) {
      ended(ending.get());
    } else if (Success.is(node)) {
      loggedIn(current);
    } else if (Pairing.isPairDevice(node)) {
      pairDevice(node, current);
    } else if (Pairing.isPairSuccess(node)) {
      pairSuccess(node, current);
    } else if (node.is("receipt")) {
      retries.add(RetryRequest.parse(node));
    } else if (Info.find(node).filter(Info.OfflineDone.class::isInstance).isPresent()) {
      ready();
    } else if (Info.find(node).filter(Info.OfflinePreview.class::isInstance).isPresent()) {
      current.connection().send(Info.offlineBatch(BATCH_STANZAS));
    }
  }

  // What is left to do between two turns

  private void afterwards() throws InterruptedException {
    Link current = link;
    if (current != null && current.isLoggedIn() && preKeysLow) {
      preKeysLow = false;
      keepPreKeys(current.connection());
    }
    answerRetries();
    endDeadMessages();
    if (link == null && !timers.isSet(DIAL) && !wantsLink() && queue.isEmpty()) {
      rest();
    }
  }

  private void answerRetries() throws InterruptedException {
    Link current = link;
    Optional<Outbound> outbound = outbound();
    while (current != null && outbound.isPresent() && !retries.isEmpty()) {
      RetryRequest request = retries.peek();
      outbound.get().answer(request, current.connection());
      current.connection().send(Acks.of(request.stanza()));
      retries.poll();
    }
  }

  private void endDeadMessages() throws InterruptedException {
    for (Message dead : queue.dead(clock.now())) {
      queue.remove(dead);
      boolean isLate = dead.deadline().isBefore(clock.now());
      Batch batch = new Batch(log.begin());
      outcomes.fail(dead, isLate ? "deadline_exceeded" : "pairing_ended", batch);
      append(batch.step());
    }
  }

  private boolean canSend() {
    return link != null
        && link.phase() == Link.Phase.READY
        && !queue.isEmpty()
        && state().unsettled().size() < MOST_IN_FLIGHT;
  }

  private void work() throws InterruptedException {
    Link current = link;
    Optional<Message> next = queue.first();
    Optional<Outbound> outbound = outbound();
    if (!canSend() || current == null || next.isEmpty() || outbound.isEmpty()) {
      return;
    }
    outbound.get().send(next.get(), current.connection());
    queue.remove(next.get());
    awaitAcks();
  }

  private void awaitAcks() {
    if (!state().unsettled().isEmpty()) {
      timers.setIfUnset(ACK, ACK_WITHIN);
    }
  }

  /** A live socket, and no answer on it: another one may do better, but not for ever. */
  private void unanswered() throws InterruptedException {
    Instant overdue = clock.now().minus(ACK_WITHIN);
    Batch batch = new Batch(log.begin());
    boolean anyOverdue = false;
    for (Unsettled sent : new ArrayList<>(state().unsettled())) {
      if (sent.at().isAfter(overdue)) {
        continue;
      }
      anyOverdue = true;
      if (sent.replays() + 1 >= MOST_REPLAYS) {
        outcomes.abandon(sent, batch);
      } else {
        batch.step().add(new Fact.Replayed(sent.message()));
      }
    }
    if (anyOverdue) {
      append(batch.step());
      lost(CloseReason.SILENT);
    } else {
      awaitAcks();
    }
  }

  private Inbound inbound() {
    return new Inbound(instance.id(), log, storage, requireCredentials(), random);
  }

  private Optional<Outbound> outbound() {
    return Optional.ofNullable(credentials)
        .map(
            known ->
                new Outbound(
                    instance.id(),
                    log,
                    storage,
                    clock,
                    known,
                    random,
                    directory,
                    outcomes,
                    settings.resendFor()));
  }

  private void append(Step step) throws InterruptedException {
    log.append(step);
    log.project();
  }
}
