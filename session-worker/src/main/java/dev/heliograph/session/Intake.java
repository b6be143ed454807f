package dev.heliograph.session;

import dev.heliograph.journal.SessionClock;
import dev.heliograph.journal.SessionLog;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageStatus;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.ProtocolException;
import dev.heliograph.whatsapp.auth.Account;
import dev.heliograph.whatsapp.auth.Credentials;
import dev.heliograph.whatsapp.device.LidMapping;
import dev.heliograph.whatsapp.device.Lids;
import dev.heliograph.whatsapp.message.Receipt;
import dev.heliograph.whatsapp.message.ReceiptType;
import dev.heliograph.whatsapp.message.ServerAck;
import dev.heliograph.whatsapp.signal.PreKeys;
import dev.heliograph.whatsapp.signal.SignalSessions;
import dev.heliograph.whatsapp.socket.Connection;
import dev.heliograph.whatsapp.stream.Acks;
import dev.heliograph.whatsapp.stream.Notification;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stanzas that can share an entry: messages, receipts, acks, notifications. What they say is added
 * to a batch; the batch is appended; then their acks and receipts leave; then rows are written.
 */
final class Intake {
  private static final int BATCH_STANZAS = 32;
  private static final int BATCH_BYTES = 100_000;

  /** What DynamoDB takes is 400 KB, and there is more in an entry than a step counts. */
  private static final int MOST_BYTES = 350_000;

  /** So many messages raised from nothing to read still fit into an entry. */
  private static final int RECEIPTS_AT_ONCE = 100;

  private static final Logger logger = LoggerFactory.getLogger(Intake.class);

  private final Situation situation;
  private final SessionLog log;
  private final Mailbox mailbox;
  private final SessionClock clock;
  private final RandomGenerator random;
  private final Directory directory;
  private final Outcomes outcomes;
  private final InFlight inFlight;
  private final Inbound inbound;
  private boolean preKeysLow;

  Intake(
      Situation situation,
      SessionLog log,
      Mailbox mailbox,
      SessionClock clock,
      RandomGenerator random,
      Directory directory,
      Outcomes outcomes,
      InFlight inFlight,
      Inbound inbound) {
    this.situation = situation;
    this.log = log;
    this.mailbox = mailbox;
    this.clock = clock;
    this.random = random;
    this.directory = directory;
    this.outcomes = outcomes;
    this.inFlight = inFlight;
    this.inbound = inbound;
  }

  /**
   * Handles a stanza together with those that wait behind it.
   *
   * @return the one that ended the batch because it has to be handled alone
   */
  Optional<Node> take(Mail.Stanza first) throws InterruptedException {
    Batch batch = new Batch(log.begin());
    Optional<Mail.Stanza> next = Optional.of(first);
    for (int count = 1; next.isPresent(); count++) {
      Node node = next.get().node();
      boolean isNew = situation.isCurrent(next.get().connection());
      if (isNew) {
        Optional<Batch> more = isLoggedIn() ? with(node, batch) : Optional.empty();
        if (more.isEmpty()) {
          flush(batch);
          return Optional.of(node);
        }
        if (isTooMuch(more.get())) {
          flush(batch);
          batch = alone(node);
        } else {
          batch = more.get();
        }
      }
      boolean isFull = count >= BATCH_STANZAS || batch.step().bytes() >= BATCH_BYTES;
      next = isFull ? Optional.empty() : mailbox.pollStanza();
    }
    flush(batch);
    return Optional.empty();
  }

  private static boolean isTooMuch(Batch batch) {
    return batch.step().bytes() > MOST_BYTES || !batch.told().isEmpty();
  }

  /**
   * A stanza that does not share its entry. What it tells beside comes in entries before; what is
   * too much for one even so is told of, without its content.
   */
  private Batch alone(Node node) throws InterruptedException {
    Credentials credentials = situation.requireCredentials();
    if (node.is("receipt")) {
      return receiptInParts(node);
    }
    inbound.learn(Lids.in(node), credentials);
    Batch alone = with(node, new Batch(log.begin())).orElseThrow();
    List<LidMapping> told = alone.told();
    if (!told.isEmpty()) {
      inbound.learn(told, credentials);
      Batch again = new Batch(log.begin());
      again.learnt(told);
      alone = with(node, again).orElseThrow();
    }
    if (isTooMuch(alone) && node.is("message")) {
      logger
          .atError()
          .addKeyValue("instance", situation.instance().id())
          .addKeyValue("tag", node.tag())
          .log("stanza too big for an entry");
      alone = new Batch(log.begin());
      inbound.tooBig(node, credentials, alone);
    }
    return alone;
  }

  /** What it raises is raised, should it come again as not all of its parts were. */
  private Batch receiptInParts(Node node) throws InterruptedException {
    Receipt receipt = Receipt.parse(node);
    List<String> ids = receipt.messageIds();
    for (int from = 0; from < ids.size(); from += RECEIPTS_AT_ONCE) {
      int to = Math.min(ids.size(), from + RECEIPTS_AT_ONCE);
      Batch part = new Batch(log.begin());
      receipt(receipt.of(ids.subList(from, to)), part);
      flush(part);
    }
    Batch whole = new Batch(log.begin());
    Acks.of(node).ifPresent(whole::reply);
    return whole;
  }

  /** Before that only what leads to the login makes sense. */
  private boolean isLoggedIn() {
    return situation.link().filter(Link::isLoggedIn).isPresent();
  }

  /** Whether the server has said that it runs out of our pre-keys; it is asked once. */
  boolean takePreKeysLow() {
    boolean low = preKeysLow;
    preKeysLow = false;
    return low;
  }

  /**
   * The batch with one more stanza in it. What makes no sense is acked with the rest: it would only
   * come again.
   *
   * @return empty if it has to be handled alone
   */
  private Optional<Batch> with(Node node, Batch batch) throws InterruptedException {
    situation.handle(nameOf(node));
    Batch more = batch.copy();
    if (situation.isHopeless()) {
      giveUp(node, more);
      return Optional.of(more);
    }
    try {
      return add(node, more) ? Optional.of(more) : Optional.empty();
    } catch (ProtocolException malformed) {
      logger
          .atWarn()
          .addKeyValue("instance", situation.instance().id())
          .addKeyValue("tag", node.tag())
          .setCause(malformed)
          .log("stanza makes no sense");
      Acks.of(node, Acks.UNKNOWN_STANZA).ifPresent(more::reply);
      return Optional.of(more);
    }
  }

  /** What tells a stanza from others whenever it comes; null if nothing does. */
  static @Nullable String nameOf(Node node) {
    return node.has("id") && node.has("from")
        ? String.join(" ", node.tag(), node.requireAttr("id"), node.requireAttr("from"))
        : null;
  }

  /** Adds word of a stanza that sessions fail on, and nothing of its content. */
  private void giveUp(Node node, Batch batch) throws InterruptedException {
    logger
        .atError()
        .addKeyValue("instance", situation.instance().id())
        .addKeyValue("tag", node.tag())
        .log("stanza given up, sessions fail on it");
    if (node.is("message")) {
      inbound.unread(node, situation.requireCredentials(), "internal_error", batch);
    }
    Acks.of(node, Acks.UNHANDLED).ifPresent(batch::reply);
  }

  private boolean add(Node node, Batch batch) throws InterruptedException {
    switch (node.tag()) {
      case "message" -> inbound.take(node, situation.requireCredentials(), batch);
      case "receipt" -> {
        Receipt receipt = Receipt.parse(node);
        if (receipt.type() == ReceiptType.RETRY) {
          return false;
        }
        receipt(receipt, batch);
        Acks.of(node).ifPresent(batch::reply);
      }
      case "ack" -> {
        if (ServerAck.is(node)) {
          acked(ServerAck.parse(node), batch);
        }
      }
      case "notification" -> {
        notified(Notification.parse(node), batch);
        Acks.of(node).ifPresent(batch::reply);
      }
      default -> {
        if (!Acks.isDue(node)) {
          return false;
        }
        Acks.of(node).ifPresent(batch::reply);
      }
    }
    return true;
  }

  private void receipt(Receipt receipt, Batch batch) throws InterruptedException {
    Optional<MessageStatus> to =
        switch (receipt.type()) {
          case DELIVERED -> Optional.of(MessageStatus.DELIVERED);
          case READ -> Optional.of(MessageStatus.READ);
          case PLAYED -> Optional.of(MessageStatus.PLAYED);
          // The apps show no tick for a device in the background either.
          case INACTIVE -> Optional.empty();
          case READ_SELF, PLAYED_SELF, SENDER -> Optional.empty();
          case RETRY, PEER_MESSAGE, HISTORY_SYNC, SERVER_ERROR, OTHER -> Optional.empty();
        };
    boolean isOurs = situation.requireCredentials().account().owns(receipt.from());
    if (to.isEmpty() || isOurs) {
      return;
    }
    Instant at = receipt.time().orElseGet(clock::now);
    for (String id : receipt.messageIds()) {
      outcomes.raise(id, receipt.from(), to.get(), at, batch);
    }
  }

  private void acked(ServerAck ack, Batch batch) throws InterruptedException {
    switch (ack.verdict()) {
      case ACCEPTED -> outcomes.sent(ack.messageId(), ack.time().orElseGet(clock::now), batch);
      case TRY_AGAIN -> tryAgain(ack, batch);
      case STALE_DEVICES -> {
        directory.forgetAll();
        Optional<Message> anew = outcomes.stale(ack.messageId(), ack.error(), batch);
        anew.ifPresent(message -> forgetSessions(message, batch));
      }
      case REFUSED -> outcomes.refused(ack.messageId(), ack.error(), batch);
    }
  }

  /** One of them may be with a device that is gone, or that is another one by now. */
  private void forgetSessions(Message message, Batch batch) {
    Jid number = Jid.pn(message.to().digits());
    Jid user = new Contacts(batch.step()).lidOf(number).orElse(number);
    new SignalSessions(situation.requireCredentials(), batch.step(), random).forget(user);
  }

  private void tryAgain(ServerAck ack, Batch batch) throws InterruptedException {
    MessageId id = MessageId.outbound(situation.instance().id(), ack.messageId());
    boolean isUnsettled = log.state().unsettled(id).isPresent();
    if (isUnsettled && !inFlight.postpone(id, ack.error())) {
      outcomes.refused(ack.messageId(), ack.error(), batch);
    }
  }

  private void notified(Notification notification, Batch batch) {
    switch (notification) {
      case Notification.PreKeysLow low -> preKeysLow |= low.count() < PreKeys.REFILL_BELOW;
      case Notification.IdentityChanged(Jid user) -> {
        directory.forget(user);
        situation
            .credentials()
            .ifPresent(own -> new SignalSessions(own, batch.step(), random).forget(user));
      }
      case Notification.DevicesChanged(Jid user) -> directory.forget(user);
      case Notification.OwnDevicesChanged ours -> forgetOwnDevices();
      case Notification.QrRefresh none -> {}
      case Notification.PasskeyDemanded none -> {}
      case Notification.Other none -> {}
    }
  }

  private void forgetOwnDevices() {
    Account own = situation.requireCredentials().account();
    directory.forget(own.pn().bare());
    directory.forget(own.lid().bare());
  }

  private void flush(Batch batch) throws InterruptedException {
    situation.handle(null);
    if (!batch.step().isEmpty()) {
      log.append(batch.step());
    }
    try {
      situation.link().ifPresent(link -> answer(batch, link.connection()));
    } finally {
      log.project(); // what comes next is judged by the rows, whether or not the answers left
    }
  }

  private void answer(Batch batch, Connection connection) {
    batch.replies().forEach(connection::send);
    if (!mailbox.isFull()) {
      connection.resume();
    }
  }
}
