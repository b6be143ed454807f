package dev.heliograph.session;

import com.google.protobuf.ByteString;
import dev.heliograph.journal.Fact;
import dev.heliograph.journal.SessionClock;
import dev.heliograph.journal.SessionLog;
import dev.heliograph.journal.SessionState.Answer;
import dev.heliograph.journal.SessionState.Unsettled;
import dev.heliograph.journal.SessionStorage;
import dev.heliograph.journal.Step;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageBody;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageStatus;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.ProtocolException;
import dev.heliograph.whatsapp.auth.Account;
import dev.heliograph.whatsapp.auth.Credentials;
import dev.heliograph.whatsapp.device.LidMapping;
import dev.heliograph.whatsapp.device.PreKeyBundles;
import dev.heliograph.whatsapp.device.UserDevices;
import dev.heliograph.whatsapp.message.EncodedMessage;
import dev.heliograph.whatsapp.message.OutboundMessages;
import dev.heliograph.whatsapp.message.OutboundText;
import dev.heliograph.whatsapp.message.RetryRequest;
import dev.heliograph.whatsapp.signal.NoSessionException;
import dev.heliograph.whatsapp.signal.PreKeyBundle;
import dev.heliograph.whatsapp.signal.SignalSessions;
import dev.heliograph.whatsapp.socket.Connection;
import dev.heliograph.whatsapp.socket.ConnectionClosedException;
import dev.heliograph.whatsapp.stream.Iqs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages that go out: what has to be known is asked for, then the ratchets are stepped, then the
 * entry is appended, and only then the stanza leaves. Sent again it is always the same bytes.
 */
final class Outbound {
  /** What a message may not outlive without an outcome. */
  static final Duration UNSETTLED_LONGEST = Duration.ofHours(24);

  private static final int MOST_RETRIES = 5;

  /** What DynamoDB takes is 400 KB, and there is more in an entry than this counts. */
  private static final int MOST_BYTES = 350_000;

  private static final Logger logger = LoggerFactory.getLogger(Outbound.class);

  /** A retry of this count without keys says that the session itself is broken. */
  private static final int NEW_SESSION_FROM = 2;

  private final Situation situation;
  private final SessionLog log;
  private final SessionStorage storage;
  private final SessionClock clock;
  private final RandomGenerator random;
  private final Directory directory;
  private final Outcomes outcomes;
  private final Duration resendFor;

  Outbound(
      Situation situation,
      SessionLog log,
      SessionStorage storage,
      SessionClock clock,
      RandomGenerator random,
      Directory directory,
      Outcomes outcomes,
      Duration resendFor) {
    this.situation = situation;
    this.log = log;
    this.storage = storage;
    this.clock = clock;
    this.random = random;
    this.directory = directory;
    this.outcomes = outcomes;
    this.resendFor = resendFor;
  }

  /**
   * Sends a queued message, or ends it if it cannot be sent.
   *
   * @throws ConnectionClosedException if the connection closes before there is anything to send:
   *     the message is as queued as before
   * @throws dev.heliograph.whatsapp.socket.IqErrorException if WhatsApp does not tell what is
   *     needed
   * @throws ProtocolException if what it tells says nothing of the recipient
   * @throws dev.heliograph.whatsapp.socket.IqTimeoutException if it does not answer
   */
  void send(Message message, Connection connection) throws InterruptedException {
    Credentials credentials = situation.requireCredentials();
    Step step = log.begin();
    SignalSessions sessions = new SignalSessions(credentials, step, random);
    Contacts contacts = new Contacts(step);
    Jid number = Jid.pn(message.to().digits());
    Account own = credentials.account();
    Jid asked = contacts.lidOf(number).orElse(number);
    Jid ownUser = asked.isLid() ? own.lid().bare() : own.pn().bare();
    Map<Jid, UserDevices> users = directory.find(List.of(asked, ownUser), connection);
    UserDevices recipient = users.get(asked);
    if (recipient == null) {
      throw new ProtocolException("nothing is said of the recipient");
    }
    Optional<Jid> to = recipient.address();
    if (!recipient.registered() || to.isEmpty()) {
      end(message, "not_on_whatsapp");
      return;
    }
    for (UserDevices user : users.values()) {
      learn(user, number, contacts, sessions);
    }
    List<Jid> devices = new ArrayList<>(recipient.devices());
    Optional.ofNullable(users.get(ownUser)).ifPresent(ours -> devices.addAll(ours.devices()));
    OutboundMessages messages = new OutboundMessages(own, sessions);
    begin(messages.withoutSession(devices), sessions, connection);
    OutboundText text =
        new OutboundText(
            message.whatsappId(), to.get(), contacts.pnOf(to.get()), text(message.body()));
    EncodedMessage encoded;
    try {
      encoded = messages.encode(text, devices);
    } catch (NoSessionException noDeviceHasKeys) {
      directory.forget(asked);
      end(message, "no_reachable_device");
      return;
    }
    int stanza = step.addStanza(encoded.stanza().toByteArray());
    step.add(new Fact.Sending(message.id(), message.whatsappId(), stanza, clock.now()));
    if (step.bytes() > MOST_BYTES) {
      end(message, "too_big");
      return;
    }
    if (endIfLate(message)) { // what it needs had to be asked for and read
      return;
    }
    log.append(step);
    if (endIfLate(message)) { // a throttled put is repeated until it is in
      return;
    }
    situation.listener().sending(Duration.between(message.acceptedAt(), clock.now()));
    try {
      connection.send(encoded.stanza().toByteArray());
    } catch (ConnectionClosedException unsettled) {
      // The journal has it: the next connection gets the same bytes. It waits to be sent no longer.
    }
    log.project();
  }

  private boolean endIfLate(Message message) throws InterruptedException {
    boolean isLate = message.isLate(clock.now());
    if (isLate) {
      end(message, Message.DEADLINE_EXCEEDED);
    }
    return isLate;
  }

  private static void learn(
      UserDevices user, Jid typed, Contacts contacts, SignalSessions sessions) {
    if (user.pn().isPresent() && user.lid().isPresent()) {
      contacts.learn(new LidMapping(user.pn().get(), user.lid().get()), sessions);
      if (user.asked().equals(typed)) {
        contacts.alias(typed, user.lid().get());
      }
    }
  }

  private void begin(List<Jid> devices, SignalSessions sessions, Connection connection)
      throws InterruptedException {
    if (devices.isEmpty()) {
      return;
    }
    PreKeyBundles.Answer answer =
        PreKeyBundles.parse(
            connection.request(
                PreKeyBundles.query(connection.nextId(), devices), Iqs.ANSWER_WITHIN),
            devices);
    answer.bundles().forEach((device, bundle) -> begin(device, bundle, sessions));
  }

  /** A device whose keys are no good is one that there is no session with: the others get it. */
  private static void begin(Jid device, PreKeyBundle bundle, SignalSessions sessions) {
    try {
      sessions.process(device, bundle);
    } catch (ProtocolException badKeys) {
      logger.atWarn().setCause(badKeys).log("a device's keys agree on nothing");
    }
  }

  private static String text(MessageBody body) {
    return switch (body) {
      case MessageBody.Text(String text) -> text;
    };
  }

  /** Ends a queued message without having sent it. */
  void end(Message message, String error) throws InterruptedException {
    Batch batch = new Batch(log.begin());
    outcomes.fail(message, error, batch);
    situation.append(batch.step());
  }

  /** Sends a message once more, as it was. */
  void replay(Unsettled sent, Connection connection) throws InterruptedException {
    replay(sent.seq(), sent.stanza(), connection);
  }

  /** Sends the answers to retries once more that WhatsApp may not have, oldest first. */
  void replayAnswers(Connection connection) throws InterruptedException {
    for (Answer answer : log.state().unackedAnswers()) {
      replay(answer.seq(), answer.stanza(), connection);
    }
  }

  private void replay(long seq, int stanza, Connection connection) throws InterruptedException {
    Optional<byte[]> bytes = log.stanza(seq, stanza);
    if (bytes.isPresent()) {
      connection.send(bytes.get());
    }
  }

  /** Ends what has waited for an outcome for too long. */
  void abandonOverdue() throws InterruptedException {
    if (log.state().unsettled().isEmpty()) {
      return;
    }
    Instant overdue = clock.now().minus(UNSETTLED_LONGEST);
    Batch batch = new Batch(log.begin());
    for (Unsettled sent : log.state().unsettled()) {
      if (sent.at().isBefore(overdue)) {
        outcomes.abandon(sent, batch);
      }
    }
    if (!batch.step().isEmpty()) {
      situation.append(batch.step());
    }
  }

  /**
   * Answers a device that could not read a message: the content is encrypted anew, for it alone.
   * The same question gets the same bytes.
   *
   * @throws ConnectionClosedException if the connection is closed
   * @throws dev.heliograph.whatsapp.socket.IqErrorException if WhatsApp does not tell what is
   *     needed
   * @throws dev.heliograph.whatsapp.socket.IqTimeoutException if it does not answer
   */
  void answer(RetryRequest request, Connection connection) throws InterruptedException {
    MessageId id = MessageId.outbound(situation.instance().id(), request.messageId());
    Optional<Answer> before = log.state().answer(id, request.asker().text(), request.count());
    if (before.isPresent()) {
      replay(before.get().seq(), before.get().stanza(), connection);
      return;
    }
    Optional<Message> row = log.answered(() -> storage.message(id));
    if (row.isEmpty() || !mayResend(row.get()) || request.count() > MOST_RETRIES) {
      return;
    }
    answer(request, row.get(), connection);
  }

  private boolean mayResend(Message row) {
    boolean wasSent = row.status() != MessageStatus.QUEUED;
    boolean isOurs = log.state().pairing().filter(row.pairing()::equals).isPresent();
    return wasSent && isOurs && row.acceptedAt().isAfter(clock.now().minus(resendFor));
  }

  private void answer(RetryRequest request, Message row, Connection connection)
      throws InterruptedException {
    Credentials credentials = situation.requireCredentials();
    Jid asker = request.asker();
    if (!credentials.account().owns(asker)
        && !Outcomes.isTo(row, asker, new Contacts(log.begin()))) {
      return; // whoever has only learnt the id gets nothing
    }
    handedOut(request, row);
    Step step = log.begin();
    SignalSessions sessions = new SignalSessions(credentials, step, random);
    Contacts contacts = new Contacts(step);
    Jid session = contacts.signalAddress(asker);
    if (request.keys().isPresent()) {
      sessions.process(session, request.keys().get());
    } else if (!sessions.hasSession(session)
        || isAnotherDevice(request, session, sessions)
        || request.count() >= NEW_SESSION_FROM) {
      begin(List.of(session), sessions, connection);
    }
    Jid number = Jid.pn(row.to().digits());
    Jid to = contacts.lidOf(number).orElse(number);
    OutboundText text = new OutboundText(row.whatsappId(), to, contacts.pnOf(to), text(row.body()));
    ByteString stanza;
    try {
      Instant sentAt = Optional.ofNullable(row.sentAt()).orElse(row.acceptedAt());
      stanza =
          new OutboundMessages(credentials.account(), sessions)
              .encodeAgain(text, request, session, sentAt);
    } catch (NoSessionException noKeys) {
      return;
    }
    int place = step.addStanza(stanza.toByteArray());
    step.add(
        new Fact.RetryAnswered(row.id(), row.whatsappId(), asker.text(), request.count(), place));
    log.append(step);
    connection.send(stanza.toByteArray());
  }

  /** Before there is an answer, which can fail. */
  private void handedOut(RetryRequest request, Message row) throws InterruptedException {
    Batch batch = new Batch(log.begin());
    outcomes.handedOut(row, request.time().orElseGet(clock::now), batch);
    if (!batch.step().isEmpty()) {
      situation.append(batch.step());
    }
  }

  private static boolean isAnotherDevice(
      RetryRequest request, Jid session, SignalSessions sessions) {
    return sessions
        .registrationId(session)
        .filter(known -> known != request.registrationId())
        .isPresent();
  }
}
