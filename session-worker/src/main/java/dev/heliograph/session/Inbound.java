package dev.heliograph.session;

import dev.heliograph.event.EventData.Contact;
import dev.heliograph.event.EventData.MessageReceived;
import dev.heliograph.event.EventData.MessageUnreadable;
import dev.heliograph.event.EventJson;
import dev.heliograph.event.EventType;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.journal.Fact;
import dev.heliograph.journal.SessionClock;
import dev.heliograph.journal.SessionLog;
import dev.heliograph.journal.SessionStorage;
import dev.heliograph.journal.Step;
import dev.heliograph.message.MessageBody;
import dev.heliograph.message.MessageId;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.ProtocolException;
import dev.heliograph.whatsapp.auth.Credentials;
import dev.heliograph.whatsapp.device.LidMapping;
import dev.heliograph.whatsapp.device.Lids;
import dev.heliograph.whatsapp.message.Enc;
import dev.heliograph.whatsapp.message.InboundMessage;
import dev.heliograph.whatsapp.message.MessageContent;
import dev.heliograph.whatsapp.message.MessageContent.Housekeeping;
import dev.heliograph.whatsapp.message.Receipts;
import dev.heliograph.whatsapp.signal.CiphertextType;
import dev.heliograph.whatsapp.signal.Decryption;
import dev.heliograph.whatsapp.signal.PreKeys;
import dev.heliograph.whatsapp.signal.SignalSessions;
import dev.heliograph.whatsapp.stream.Acks;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages that come in: decrypt, add to the batch what has to be remembered and told, and note the
 * receipt that leaves once that is appended. No answer from the network is waited for.
 */
final class Inbound {
  /** How often a sender is asked for a message before it is given up. */
  private static final int MOST_RETRIES = 4;

  /** From this try on the sender gets a key to begin anew with. */
  private static final int KEYS_FROM = 2;

  /** More than this in JSON would not fit into an entry with others. */
  private static final int MOST_EVENT_BYTES = 100_000;

  /** What is learnt at once; the record of a user's sessions may come on top. */
  private static final int MOST_LEARNT_BYTES = 100_000;

  /** What a customer's program can do something with. */
  private static final Pattern REASON = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private static final Logger logger = LoggerFactory.getLogger(Inbound.class);

  private final InstanceId instance;
  private final SessionLog log;
  private final SessionStorage storage;
  private final SessionClock clock;
  private final RandomGenerator random;

  Inbound(
      InstanceId instance,
      SessionLog log,
      SessionStorage storage,
      SessionClock clock,
      RandomGenerator random) {
    this.instance = instance;
    this.log = log;
    this.storage = storage;
    this.clock = clock;
    this.random = random;
  }

  /** Handles one {@code message} stanza. */
  void take(Node stanza, Credentials credentials, Batch batch) throws InterruptedException {
    InboundMessage message;
    try {
      message = InboundMessage.parse(stanza, credentials.account());
    } catch (ProtocolException malformed) {
      unread(stanza, credentials, "malformed", batch);
      Acks.of(stanza, Acks.UNKNOWN_STANZA).ifPresent(batch::reply);
      return;
    }
    SignalSessions sessions = new SignalSessions(credentials, batch.step(), random);
    Contacts contacts = new Contacts(batch.step());
    Lids.in(stanza).forEach(mapping -> contacts.learn(mapping, sessions));
    if (message.encs().isEmpty()) {
      unreadable(message, contacts, message.unavailable().orElse("empty"), batch);
      Acks.of(stanza).ifPresent(batch::reply);
      return;
    }
    Enc enc = message.encs().getFirst();
    Optional<CiphertextType> type = enc.ciphertextType();
    if (type.isEmpty()) {
      unreadable(message, contacts, enc.type(), batch);
      batch.reply(Receipts.delivered(message));
      return;
    }
    Jid sender = contacts.signalAddress(message.signalSender());
    switch (sessions.decrypt(sender, type.get(), enc.ciphertext())) {
      case Decryption.Decrypted decrypted ->
          decrypted(message, decrypted, credentials, contacts, batch);
      case Decryption.Duplicate again -> usedStep(message, enc, credentials, contacts, batch);
      case Decryption.Undecryptable failure ->
          undecryptable(message, enc, credentials, contacts, batch);
    }
    // Between two devices there is one ciphertext; a group's content comes behind a sender key.
    for (Enc further : message.encs().subList(1, message.encs().size())) {
      if (further.ciphertextType().isEmpty()) {
        unreadable(message, contacts, further.type(), batch);
      }
    }
  }

  /** Whether what came with a group's key is the message itself: then that is what is told. */
  private static boolean hasContentBeside(InboundMessage message) {
    return message.encs().stream().anyMatch(enc -> enc.ciphertextType().isEmpty());
  }

  /** Tells that there was something, if it can be told from whom; no ratchet step is taken. */
  void unread(Node stanza, Credentials credentials, String reason, Batch batch)
      throws InterruptedException {
    InboundMessage message;
    try {
      message = InboundMessage.outside(stanza, credentials.account(), clock.now());
    } catch (ProtocolException fromNobody) {
      logger
          .atWarn()
          .addKeyValue("instance", instance)
          .setCause(fromNobody)
          .log("message from nobody");
      return;
    }
    unreadable(message, new Contacts(batch.step()), reason, batch);
  }

  /**
   * A ratchet step that was used before is a message that we have: unless its sender has lost what
   * it wrote of its session, and uses the step for another message. That one can be asked for.
   */
  private void usedStep(
      InboundMessage message, Enc enc, Credentials credentials, Contacts contacts, Batch batch)
      throws InterruptedException {
    if (message.fromOwnAccount() || isKnown(message, contacts, batch)) {
      batch.reply(Receipts.delivered(message));
    } else {
      undecryptable(message, enc, credentials, contacts, batch);
    }
  }

  private void decrypted(
      InboundMessage message,
      Decryption.Decrypted decrypted,
      Credentials credentials,
      Contacts contacts,
      Batch batch)
      throws InterruptedException {
    MessageContent content;
    try {
      content = MessageContent.parse(decrypted.plaintext(), message.fromOwnAccount());
    } catch (ProtocolException malformed) {
      // Its ratchet step is spent; asking again would bring the same bytes.
      unreadable(message, contacts, "malformed", batch);
      Acks.of(message.stanza(), Acks.BAD_PROTOBUF).ifPresent(batch::reply);
      return;
    }
    switch (content) {
      case MessageContent.Text(String text) -> text(message, contacts, text, batch);
      case MessageContent.Unsupported(String kind) -> unreadable(message, contacts, kind, batch);
      case MessageContent.LidMappings told -> batch.told(told.mappings());
      case MessageContent.DeviceSent ours -> {}
      case MessageContent.SenderKeyDistribution key -> {
        if (!hasContentBeside(message)) {
          noted(message, contacts, batch);
        }
      }
      case Housekeeping housekeeping -> noted(message, contacts, batch);
      case MessageContent.Empty nothing -> noted(message, contacts, batch);
    }
    batch.reply(Receipts.delivered(message));
    if (content instanceof Housekeeping(Housekeeping.Kind kind)
        && kind == Housekeeping.Kind.HISTORY_SYNC) {
      batch.reply(Receipts.historySync(message, credentials.account()));
    }
  }

  /** Learns mappings in as many entries as they need; what is known already needs none. */
  void learn(List<LidMapping> mappings, Credentials credentials) throws InterruptedException {
    Step step = log.begin();
    for (LidMapping mapping : mappings) {
      new Contacts(step).learn(mapping, new SignalSessions(credentials, step, random));
      if (step.bytes() >= MOST_LEARNT_BYTES) {
        log.append(step);
        step = log.begin();
      }
    }
    if (!step.isEmpty()) {
      log.append(step);
    }
  }

  /** Tells of a message that there is no room for in an entry; its ratchet step is not taken. */
  void tooBig(Node stanza, Credentials credentials, Batch batch) throws InterruptedException {
    InboundMessage message = InboundMessage.parse(stanza, credentials.account());
    unreadable(message, new Contacts(batch.step()), "too_big", batch);
    Acks.of(stanza).ifPresent(batch::reply);
  }

  private void text(InboundMessage message, Contacts contacts, String text, Batch batch)
      throws InterruptedException {
    if (message.fromOwnAccount() || isKnown(message, contacts, batch)) {
      return;
    }
    MessageReceived received =
        new MessageReceived(
            id(message, contacts),
            from(message, contacts),
            message.chat().text(),
            message.time(),
            new MessageBody.Text(text));
    if (EventJson.sizeOf(received) > MOST_EVENT_BYTES) {
      unreadable(message, contacts, "too_big", batch);
      return;
    }
    note(received.message(), batch);
    batch.step().announce(EventType.MESSAGE_RECEIVED, received);
  }

  /** Tells that there was something, once. */
  private void unreadable(InboundMessage message, Contacts contacts, String reason, Batch batch)
      throws InterruptedException {
    String known = REASON.matcher(reason).matches() ? reason : "unknown";
    tell(EventType.MESSAGE_UNSUPPORTED, message, contacts, known, batch);
  }

  private void tell(
      EventType type, InboundMessage message, Contacts contacts, String reason, Batch batch)
      throws InterruptedException {
    if (message.fromOwnAccount() || isKnown(message, contacts, batch)) {
      return;
    }
    MessageId id = id(message, contacts);
    note(id, batch);
    batch
        .step()
        .announce(
            type,
            new MessageUnreadable(
                id, from(message, contacts), message.chat().text(), message.time(), reason));
  }

  /** Nobody is told of it, but should it come again, we have it. */
  private void noted(InboundMessage message, Contacts contacts, Batch batch)
      throws InterruptedException {
    if (!message.fromOwnAccount() && !isKnown(message, contacts, batch)) {
      MessageId id = id(message, contacts);
      batch.step().add(new Fact.Noted(id));
      batch.received(id);
    }
  }

  private static void note(MessageId id, Batch batch) {
    batch.step().add(new Fact.Received(id, batch.step().announced()));
    batch.received(id);
  }

  private void undecryptable(
      InboundMessage message, Enc enc, Credentials credentials, Contacts contacts, Batch batch)
      throws InterruptedException {
    MessageId id = id(message, contacts);
    int asked = Math.max(batch.asked(id).orElseGet(() -> log.state().asked(id)), enc.count());
    if (asked >= MOST_RETRIES || isKnown(message, contacts, batch)) {
      tell(EventType.MESSAGE_UNDECRYPTABLE, message, contacts, "retries_exhausted", batch);
      Acks.of(message.stanza()).ifPresent(batch::reply);
      return;
    }
    int count = asked + 1;
    batch.step().add(new Fact.RetryAsked(id, count));
    batch.asked(id, count);
    batch.reply(
        count < KEYS_FROM
            ? Receipts.retry(message, count, credentials)
            : Receipts.retry(
                message, count, credentials, new PreKeys(batch.step(), random).give()));
    Acks.of(message.stanza()).ifPresent(batch::reply);
  }

  /** Whether there is an event for it, under any of the addresses that it may have come under. */
  private boolean isKnown(InboundMessage message, Contacts contacts, Batch batch)
      throws InterruptedException {
    for (MessageId id : ids(message, contacts)) {
      if (batch.hasReceived(id) || log.answered(() -> storage.has(id))) {
        return true;
      }
    }
    return false;
  }

  /** Under the LIDs if they are known. */
  private MessageId id(InboundMessage message, Contacts contacts) {
    return ids(message, contacts).iterator().next();
  }

  private Set<MessageId> ids(InboundMessage message, Contacts contacts) {
    Set<MessageId> ids = new LinkedHashSet<>();
    for (Jid chat : addresses(message.chat(), message.chatLid(), message.chatPn(), contacts)) {
      for (Jid sender :
          addresses(message.sender(), message.senderLid(), message.senderPn(), contacts)) {
        ids.add(
            MessageId.inbound(instance, chat.bare().text(), sender.bare().text(), message.id()));
      }
    }
    return ids;
  }

  private static Set<Jid> addresses(
      Jid asCome, Optional<Jid> lid, Optional<Jid> pn, Contacts contacts) {
    Set<Jid> addresses = new LinkedHashSet<>();
    lid.or(() -> pn.flatMap(contacts::lidOf)).ifPresent(addresses::add);
    pn.or(() -> lid.flatMap(contacts::pnOf)).ifPresent(addresses::add);
    addresses.add(asCome);
    return addresses;
  }

  private static Contact from(InboundMessage message, Contacts contacts) {
    return contacts.contact(message.senderPn(), message.senderLid(), message.pushName());
  }
}
