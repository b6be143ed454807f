package dev.heliograph.session;

import static dev.heliograph.session.Timers.Timer.ACK;
import static dev.heliograph.session.Timers.Timer.DRAIN;

import dev.heliograph.instance.PhoneNumber;
import dev.heliograph.journal.Fact;
import dev.heliograph.journal.SessionClock;
import dev.heliograph.journal.SessionLog;
import dev.heliograph.journal.SessionState.Unsettled;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.QueuePlace;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.ProtocolException;
import dev.heliograph.whatsapp.message.RetryRequest;
import dev.heliograph.whatsapp.socket.Connection;
import dev.heliograph.whatsapp.socket.IqErrorException;
import dev.heliograph.whatsapp.socket.IqTimeoutException;
import dev.heliograph.whatsapp.stream.Acks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What goes out when: after a login first what nothing has settled, then what waits, in order. */
final class Dispatch {
  private static final int MOST_IN_FLIGHT = 64;

  /** So many go out before the mailbox is looked into again, which may have as many in one go. */
  private static final int SENT_AT_ONCE = 8;

  private static final int MOST_REPLAYS = 3;
  private static final int MOST_ANSWER_TRIES = 5;
  private static final Duration ACK_WITHIN = Duration.ofSeconds(75);
  private static final Duration HELD_FOR = Duration.ofSeconds(5);
  private static final Duration POSTPONED_FOR = Duration.ofSeconds(30);

  /** A text has minutes, and is to be tried more than once in them. */
  private static final int MOST_POSTPONEMENTS = 4;

  private static final Logger logger = LoggerFactory.getLogger(Dispatch.class);

  private final Situation situation;
  private final SessionLog log;
  private final SessionClock clock;
  private final Timers timers;
  private final SendQueue queue;
  private final Outcomes outcomes;
  private final InFlight inFlight;
  private final Outbound outbound;
  private final Deque<Asked> retries = new ArrayDeque<>();
  private Instant heldUntil = Instant.EPOCH;

  /** How often in a row WhatsApp has said nothing when asked for a recipient. */
  private final Map<PhoneNumber, Integer> silences = new HashMap<>();

  /** How often it has when asked for what an answer to a device needs. */
  private final Map<Question, Integer> unanswerable = new HashMap<>();

  /** A device's question, and when to try to answer it. */
  private record Asked(RetryRequest request, int tries, Instant due) {}

  private record Question(String message, Jid asker) {}

  Dispatch(
      Situation situation,
      SessionLog log,
      SessionClock clock,
      Timers timers,
      SendQueue queue,
      Outcomes outcomes,
      InFlight inFlight,
      Outbound outbound) {
    this.situation = situation;
    this.log = log;
    this.clock = clock;
    this.timers = timers;
    this.queue = queue;
    this.outcomes = outcomes;
    this.inFlight = inFlight;
    this.outbound = outbound;
  }

  /** Notes messages that are said to wait. */
  void look(List<QueuePlace> messages) {
    queue.look(messages);
  }

  /** Has those wait to be sent anew that WhatsApp has refused. */
  void lookAtRefused() throws InterruptedException {
    queue.lookAtRefused();
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /** All that wait to be sent. */
  List<QueuePlace> waiting() {
    return queue.all();
  }

  /** How long until one of those that wait loses its meaning, or may be tried again. */
  Optional<Duration> untilChange() {
    Stream<Instant> needsLogin = retries.stream().map(Asked::due);
    Stream<Instant> needsDrain = inFlight.nextDue().stream();
    return Stream.of(
            queue.nextChange().stream(),
            situation.link().filter(Link::isLoggedIn).isPresent()
                ? needsLogin
                : Stream.<Instant>of(),
            isDrained() ? needsDrain : Stream.<Instant>of(),
            isHeld() ? Stream.of(heldUntil) : Stream.<Instant>of())
        .flatMap(changes -> changes)
        .min(Comparator.naturalOrder())
        .map(change -> Duration.between(clock.now(), change).plusMillis(1));
  }

  /** A device asks for a message again. */
  void asked(RetryRequest request) {
    retries.add(new Asked(request, 0, clock.now()));
  }

  /** The server has delivered all that waited for us: now we may speak. */
  void drained() throws InterruptedException {
    Optional<Link> link = situation.link().filter(l -> l.phase() == Link.Phase.DRAINING);
    if (link.isEmpty()) {
      return;
    }
    timers.clear(DRAIN);
    retries.clear(); // they come again, or came on an earlier connection
    situation.setLink(link.get().in(Link.Phase.READY));
    abandonOverdue();
    replay(link.get().connection());
    awaitAcks();
  }

  /** Sends what nothing has settled once more, oldest first; what was refused has its own time. */
  private void replay(Connection connection) throws InterruptedException {
    for (Unsettled sent : situation.state().unsettled()) {
      if (!inFlight.waits(sent.message())) {
        inFlight.repeated(sent.message());
        outbound.replay(sent, connection);
      }
    }
    outbound.replayAnswers(connection);
  }

  /** Sends what WhatsApp would not take a while ago once more, the same bytes. */
  void sendRefusedAgain() throws InterruptedException {
    inFlight.retain(situation.state().unsettled().stream().map(Unsettled::message).toList());
    Optional<Link> link = situation.link().filter(l -> l.phase() == Link.Phase.READY);
    if (link.isEmpty()) {
      return;
    }
    for (MessageId due : inFlight.due()) {
      Optional<Unsettled> sent = situation.state().unsettled(due);
      if (sent.isPresent()) {
        inFlight.sentAgain(due);
        outbound.replay(sent.get(), link.get().connection());
      }
    }
  }

  /** Whether there is something that can go out at once. */
  boolean isReady() {
    return isDrained()
        && !isHeld()
        && !inFlight.isTooFast()
        && queue.first().isPresent()
        && situation.state().unsettled().size() < MOST_IN_FLIGHT;
  }

  private boolean isDrained() {
    return situation.link().filter(link -> link.phase() == Link.Phase.READY).isPresent();
  }

  /** Sends the first of those that wait, if they can go out. */
  void send() throws InterruptedException {
    for (int sent = 0; sent < SENT_AT_ONCE && isReady(); sent++) {
      sendNext();
    }
  }

  private void sendNext() throws InterruptedException {
    // Those before it may have taken their time.
    Optional<Message> next = queue.first().filter(first -> !first.isLate(clock.now()));
    Optional<Link> link = situation.link();
    if (next.isEmpty() || link.isEmpty()) {
      return;
    }
    situation.handle(next.get().id().value());
    if (situation.isHopeless()) {
      giveUp(next.get());
      return;
    }
    try {
      outbound.send(next.get(), link.get().connection());
      queue.remove(next.get());
      silences.remove(next.get().to());
    } catch (IqTimeoutException silent) {
      notHeardOf(next.get());
      throw silent;
    } catch (IqErrorException | ProtocolException refused) {
      logger
          .atWarn()
          .addKeyValue("instance", situation.instance().id())
          .addKeyValue("message", next.get().id())
          .setCause(refused)
          .log("recipient cannot be looked up");
      silences.remove(next.get().to());
      queue.postpone(next.get(), POSTPONED_FOR);
      if (refused instanceof IqErrorException iq && iq.isTransient()) {
        heldUntil = clock.now().plus(HELD_FOR); // who asks on would be refused on
      }
    }
    situation.handle(null);
    awaitAcks();
  }

  private void giveUp(Message message) throws InterruptedException {
    logger
        .atError()
        .addKeyValue("instance", situation.instance().id())
        .addKeyValue("message", message.id())
        .log("message given up, sessions fail on it");
    outbound.end(message, "internal_error");
    queue.remove(message);
  }

  /**
   * The connection may be dead, and another one will do better; or it is this recipient of whom
   * WhatsApp says nothing, and then those to others are not to wait for it.
   */
  private void notHeardOf(Message message) {
    int before = silences.merge(message.to(), 1, Integer::sum) - 1;
    queue.postpone(message, POSTPONED_FOR.multipliedBy(Math.min(before, MOST_POSTPONEMENTS)));
  }

  private boolean isHeld() {
    return heldUntil.isAfter(clock.now());
  }

  /** Answers those who asked for a message again; each question is acked once it is answered. */
  void answerRetries() throws InterruptedException {
    Optional<Link> link = situation.link().filter(Link::isLoggedIn);
    if (link.isEmpty()) {
      return;
    }
    for (Asked asked : List.copyOf(retries)) {
      if (!asked.due().isAfter(clock.now())) {
        retries.remove(asked);
        answer(asked, link.get().connection());
      }
    }
  }

  private void answer(Asked asked, Connection connection) throws InterruptedException {
    situation.handle(Intake.nameOf(asked.request().stanza()));
    Question question = new Question(asked.request().messageId(), asked.request().asker());
    try {
      outbound.answer(asked.request(), connection);
    } catch (IqErrorException refused) {
      unanswered(refused);
      if (refused.isTransient()) {
        postpone(asked);
        return;
      }
    } catch (IqTimeoutException silent) {
      if (unanswerable.merge(question, 1, Integer::sum) < MOST_ANSWER_TRIES) {
        throw silent; // it comes again with another connection, which may do better
      }
      unanswered(silent);
    } catch (ProtocolException malformed) {
      unanswered(malformed);
    }
    situation.handle(null);
    unanswerable.remove(question);
    Acks.of(asked.request().stanza()).ifPresent(connection::send);
  }

  /** What was tried often enough stays unacked: it comes again with another connection. */
  private void postpone(Asked asked) {
    int tries = asked.tries() + 1;
    if (tries < MOST_ANSWER_TRIES) {
      Instant due = clock.now().plus(POSTPONED_FOR.multipliedBy(tries));
      retries.add(new Asked(asked.request(), tries, due));
    }
  }

  private void unanswered(RuntimeException why) {
    logger
        .atWarn()
        .addKeyValue("instance", situation.instance().id())
        .setCause(why)
        .log("retry not answered");
  }

  /**
   * Reads what waits, and ends what waits in vain: too late, or accepted for a pairing that is
   * over.
   */
  void endDead() throws InterruptedException {
    queue.read();
    List<Message> dead = queue.dead(clock.now());
    while (!dead.isEmpty()) {
      end(dead);
      queue.read();
      dead = queue.dead(clock.now());
    }
  }

  private void end(List<Message> dead) throws InterruptedException {
    Batch batch = new Batch(log.begin());
    for (Message message : dead) {
      outcomes.fail(
          message,
          message.isLate(clock.now()) ? Message.DEADLINE_EXCEEDED : "pairing_ended",
          batch);
    }
    situation.append(batch.step());
    for (Message message : dead) {
      queue.remove(message);
      if (!queue.hasFor(message.to())) {
        silences.remove(message.to());
      }
    }
  }

  /** Ends what has waited for an outcome for too long, with a connection or without. */
  void abandonOverdue() throws InterruptedException {
    outbound.abandonOverdue();
  }

  /** Starts or stops waiting for acks, as there is something unsettled or not. */
  void awaitAcks() {
    if (situation.state().unsettled().isEmpty()) {
      timers.clear(ACK);
    } else if (situation.isLinked()) {
      timers.setIfUnset(ACK, ACK_WITHIN);
    }
  }

  /**
   * A live socket, and no answer on it: another one may do better, but not for ever.
   *
   * @return whether the connection should go
   */
  boolean isUnanswered() throws InterruptedException {
    Instant overdue = clock.now().minus(ACK_WITHIN);
    Batch batch = new Batch(log.begin());
    for (Unsettled sent : situation.state().unsettled()) {
      Instant written = inFlight.sentAgainAt(sent.message()).orElse(sent.at());
      if (inFlight.waits(sent.message()) || written.isAfter(overdue)) {
        continue;
      }
      if (sent.replays() + 1 >= MOST_REPLAYS) {
        outcomes.abandon(sent, batch);
      } else {
        batch.step().add(new Fact.Replayed(sent.message()));
      }
    }
    if (batch.step().isEmpty()) {
      awaitAcks();
      return false;
    }
    situation.append(batch.step());
    return true;
  }
}
