package dev.heliograph.session;

import dev.heliograph.event.EventData.Contact;
import dev.heliograph.event.EventData.MessageFailed;
import dev.heliograph.event.EventData.MessageMoved;
import dev.heliograph.event.EventType;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.journal.Fact;
import dev.heliograph.journal.SessionClock;
import dev.heliograph.journal.SessionLog;
import dev.heliograph.journal.SessionState.Unsettled;
import dev.heliograph.journal.SessionStorage;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageStatus;
import dev.heliograph.message.WhatsAppId;
import dev.heliograph.whatsapp.Jid;
import java.time.Instant;
import java.util.Optional;

/**
 * What becomes of messages that we send: server acks and receipts raise them, and whatever ends
 * them does so aloud. Only an entry moves a message; what raises nothing leaves no trace.
 */
final class Outcomes {
  private final InstanceId instance;
  private final SessionLog log;
  private final SessionStorage storage;
  private final SessionClock clock;
  private final InFlight inFlight;

  Outcomes(
      InstanceId instance,
      SessionLog log,
      SessionStorage storage,
      SessionClock clock,
      InFlight inFlight) {
    this.instance = instance;
    this.log = log;
    this.storage = storage;
    this.clock = clock;
    this.inFlight = inFlight;
  }

  /** WhatsApp has it. */
  void sent(String whatsappId, Instant at, Batch batch) throws InterruptedException {
    MessageId id = MessageId.outbound(instance, whatsappId);
    acked(id, batch);
    Optional<Batch.Outbound> message = find(id, batch);
    if (message.isPresent() && message.get().mayRaiseTo(MessageStatus.SENT)) {
      sent(id, message.get(), at, batch);
    }
  }

  /** Answers to retries have the message's own id. */
  private void acked(MessageId id, Batch batch) {
    if (log.state().unackedAnswers().stream().anyMatch(answer -> answer.message().equals(id))) {
      batch.step().add(new Fact.AnswerAcked(id));
    }
  }

  /** A device asks for it again: WhatsApp has handed it out, whatever becomes of the answer. */
  void handedOut(Message row, Instant at, Batch batch) {
    Batch.Outbound message = new Batch.Outbound(row, row.status(), row.error());
    if (message.mayRaiseTo(MessageStatus.SENT)) {
      sent(row.id(), message, at, batch);
    }
  }

  private void sent(MessageId id, Batch.Outbound message, Instant stamped, Batch batch) {
    Instant at = notBefore(message, stamped);
    batch.step().add(new Fact.Sent(id, at));
    move(id, message, MessageStatus.SENT, EventType.MESSAGE_SENT, at, batch);
  }

  /** WhatsApp stamps whole seconds: what it says may lie before the message was accepted. */
  private static Instant notBefore(Batch.Outbound message, Instant stamped) {
    Instant accepted = message.row().acceptedAt();
    return stamped.isBefore(accepted) ? accepted : stamped;
  }

  /**
   * A receipt says that it was delivered, read or played.
   *
   * @param by whose receipt it is: only the recipient's counts
   */
  void raise(String whatsappId, Jid by, MessageStatus to, Instant at, Batch batch)
      throws InterruptedException {
    if (!WhatsAppId.isOne(whatsappId)) {
      return; // not even looked up: one receipt may name hundreds
    }
    MessageId id = MessageId.outbound(instance, whatsappId);
    Optional<Batch.Outbound> found = find(id, batch);
    if (found.isEmpty()
        || !found.get().mayRaiseTo(to)
        || !isTo(found.get().row(), by, new Contacts(batch.step()))) {
      return;
    }
    if (found.get().mayRaiseTo(MessageStatus.SENT)) {
      sent(id, found.get(), at, batch);
    }
    Batch.Outbound message = batch.outbound(id).orElseGet(found::get);
    if (to != MessageStatus.DELIVERED && message.mayRaiseTo(MessageStatus.DELIVERED)) {
      raise(id, message, MessageStatus.DELIVERED, at, batch);
      message = batch.outbound(id).orElseGet(found::get);
    }
    raise(id, message, to, at, batch);
  }

  private void raise(
      MessageId id, Batch.Outbound message, MessageStatus to, Instant stamped, Batch batch) {
    Instant at = notBefore(message, stamped);
    batch.step().add(new Fact.Raised(id, to, at));
    switch (to) {
      case DELIVERED -> move(id, message, to, EventType.MESSAGE_DELIVERED, at, batch);
      case READ -> move(id, message, to, EventType.MESSAGE_READ, at, batch);
      case PLAYED ->
          batch.outbound(id, new Batch.Outbound(message.row(), to, null)); // told as read already
      case QUEUED, SENDING, SENT, FAILED ->
          throw new IllegalStateException("no receipt raises a message to " + to);
    }
  }

  private void move(
      MessageId id,
      Batch.Outbound message,
      MessageStatus to,
      EventType type,
      Instant at,
      Batch batch) {
    Message row = message.row();
    batch.step().announce(type, new MessageMoved(id, row.clientRef(), to(row, batch), at));
    batch.outbound(id, new Batch.Outbound(row, to, null));
  }

  /**
   * Ends a message that is not settled.
   *
   * @param error a stable code; {@link Message#OUTCOME_UNKNOWN} if it may have been sent
   */
  void fail(Message row, String error, Batch batch) {
    Instant now = clock.now();
    batch.step().add(new Fact.Failed(row.id(), error, now));
    batch
        .step()
        .announce(
            EventType.MESSAGE_FAILED,
            new MessageFailed(row.id(), row.clientRef(), to(row, batch), now, error));
    batch.outbound(row.id(), new Batch.Outbound(row, MessageStatus.FAILED, error));
  }

  /**
   * WhatsApp refused it. If that was not the only copy, it says nothing of the one before, whose
   * answer was lost.
   */
  void refused(String whatsappId, int code, Batch batch) throws InterruptedException {
    MessageId id = MessageId.outbound(instance, whatsappId);
    endSending(
        id, inFlight.mayHaveBeenTaken(id) ? Message.OUTCOME_UNKNOWN : "refused_" + code, batch);
  }

  private void endSending(MessageId id, String error, Batch batch) throws InterruptedException {
    acked(id, batch);
    Optional<Batch.Outbound> message = find(id, batch);
    if (message.isPresent() && message.get().status() == MessageStatus.SENDING) {
      fail(message.get().row(), error, batch);
    }
  }

  /**
   * WhatsApp refused it, as our idea of who has which devices was stale: it is sent once more, to
   * those that there are.
   *
   * @return the one that is to be sent once more
   */
  Optional<Message> stale(String whatsappId, int code, Batch batch) throws InterruptedException {
    MessageId id = MessageId.outbound(instance, whatsappId);
    Optional<Unsettled> sent = log.state().unsettled(id);
    boolean isOfAnswer =
        log.state().unackedAnswers().stream().anyMatch(answer -> answer.message().equals(id));
    boolean isSettled = sent.isEmpty() || batch.outbound(id).isPresent(); // by this very batch
    if (isSettled || isOfAnswer || inFlight.mayHaveBeenTaken(id)) {
      refused(whatsappId, code, batch);
      return Optional.empty();
    }
    if (sent.filter(Unsettled::wasRefused).isPresent()) {
      // Of the second copy, or the first refusal once more: acks can come twice.
      endSending(id, Message.OUTCOME_UNKNOWN, batch);
      return Optional.empty();
    }
    batch.step().add(new Fact.Refused(id));
    return find(id, batch).map(Batch.Outbound::row);
  }

  /** Ends all that was begun: nobody will ever learn what became of it, or WhatsApp has said so. */
  void abandonAll(Batch batch) throws InterruptedException {
    abandonUnsettled(batch);
    for (MessageId refused : log.state().refused()) {
      Optional<Batch.Outbound> message = find(refused, batch);
      if (message.isPresent()) {
        fail(message.get().row(), "not_sent", batch);
      }
    }
  }

  /** Ends all that may have been sent, and nobody has said so. */
  private void abandonUnsettled(Batch batch) throws InterruptedException {
    for (Unsettled sent : log.state().unsettled()) {
      abandon(sent, batch);
    }
  }

  /** Ends one that is unsettled. */
  void abandon(Unsettled sent, Batch batch) throws InterruptedException {
    Optional<Batch.Outbound> message = find(sent.message(), batch);
    if (message.isPresent()) {
      fail(message.get().row(), Message.OUTCOME_UNKNOWN, batch);
    } else {
      batch.step().add(new Fact.Failed(sent.message(), Message.OUTCOME_UNKNOWN, clock.now()));
    }
  }

  private Optional<Batch.Outbound> find(MessageId id, Batch batch) throws InterruptedException {
    Optional<Batch.Outbound> touched = batch.outbound(id);
    if (touched.isPresent()) {
      return touched;
    }
    return log.answered(() -> storage.message(id))
        .map(row -> new Batch.Outbound(row, row.status(), row.error()));
  }

  /** Whether this is (a device of) the one that a message goes to. */
  static boolean isTo(Message row, Jid user, Contacts contacts) {
    Jid number = Jid.pn(row.to().digits());
    Jid plain = user.unhosted();
    return plain.isSameUser(number) || contacts.lidOf(number).filter(plain::isSameUser).isPresent();
  }

  private Contact to(Message row, Batch batch) {
    return new Contacts(batch.step())
        .contact(Optional.of(Jid.pn(row.to().digits())), Optional.empty(), Optional.empty());
  }
}
