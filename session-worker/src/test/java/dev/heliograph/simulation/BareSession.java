package dev.heliograph.simulation;

import dev.heliograph.authstate.PairingId;
import dev.heliograph.event.EventData;
import dev.heliograph.event.EventType;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.instance.StatusReason;
import dev.heliograph.journal.Fact;
import dev.heliograph.journal.SessionClock;
import dev.heliograph.journal.SessionLog;
import dev.heliograph.journal.SessionState;
import dev.heliograph.journal.SessionStorage;
import dev.heliograph.journal.Step;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageBody;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageStatus;
import dev.heliograph.simulation.ToyPeer.Outgoing;
import dev.heliograph.simulation.ToyPeer.Stanza;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a session does to its journal, without a socket: it receives, sends, settles, pairs and
 * unpairs as chance has it, and sends nothing that it has not appended.
 */
final class BareSession {
  private static final String OWN_STEPS = "session#out";
  private static final String PEER_STEPS = "session#in";
  private static final int BATCH = 5;

  private final String who;
  private final SessionLog log;
  private final SessionStorage storage;
  private final SessionClock clock;
  private final IdGenerator ids;
  private final ToyPeer peer;
  private final Witness witness;
  private final Chance chance;
  private final Map<MessageId, Message> rows;
  private final BooleanSupplier isStormy;

  BareSession(
      String who,
      SessionLog log,
      SessionStorage storage,
      SessionClock clock,
      IdGenerator ids,
      ToyPeer peer,
      Witness witness,
      Chance chance,
      Map<MessageId, Message> rows,
      BooleanSupplier isStormy) {
    this.who = who;
    this.log = log;
    this.storage = storage;
    this.clock = clock;
    this.ids = ids;
    this.peer = peer;
    this.witness = witness;
    this.chance = chance;
    this.rows = rows;
    this.isStormy = isStormy;
  }

  /** Goes through its days until it is told to stop, or until the journal tells it to. */
  void live() throws InterruptedException {
    witness.compare(who, log.state());
    replay();
    while (true) {
      clock.pause(chance.millis(20, 800));
      act(chance.below(100));
    }
  }

  private void act(int what) throws InterruptedException {
    boolean isStormyNow = isStormy.getAsBoolean();
    if (log.state().pairing().isEmpty()) {
      if (what < 50 && isStormyNow) {
        pair();
      }
    } else if (what < 35) {
      receive();
    } else if (what < 60) {
      send();
    } else if (what < 80) {
      settle();
    } else if (what < 86 && isStormyNow) {
      changeRecords();
    } else if (what < 88 && isStormyNow) {
      unpair();
    } else if (what < 92) {
      replay();
    } else if (log.hasTail()) {
      log.checkpoint();
      log.releaseRecords();
    }
  }

  /** Everything that is waiting is dealt with, then a checkpoint: how a quiet day ends. */
  void settleAll() throws InterruptedException {
    replay();
    for (int i = 0; i < 1000 && !isSettled(); i++) {
      receive();
      send();
      settle();
    }
    log.checkpoint();
    witness.compare(who, log.state());
  }

  private boolean isSettled() {
    boolean waits = rows.values().stream().anyMatch(row -> !isDone(row));
    boolean isPaired = log.state().pairing().isPresent();
    return !waits
        && (!isPaired || peer.waiting(pairing()).isEmpty())
        && log.state().unsettled().isEmpty();
  }

  private boolean isDone(Message row) {
    return witness.outcome(row.id()).isPresent();
  }

  private PairingId pairing() {
    return log.state().pairing().orElseThrow();
  }

  private void append(Step step) throws InterruptedException {
    log.append(step);
    if (chance.in1000(250)) {
      witness.compare(who, log.state());
    }
  }

  private void pair() throws InterruptedException {
    Step step = log.begin();
    step.add(new Fact.Paired(PairingId.draw(ids), "4915100000000", "1@lid"));
    step.put("creds", new byte[] {1});
    step.put("prekeys#1", new byte[] {1});
    append(step);
    log.project();
  }

  private void unpair() throws InterruptedException {
    Step step = log.begin();
    for (SessionState.Unsettled sent : log.state().unsettled()) {
      step.add(new Fact.Failed(sent.message(), Message.OUTCOME_UNKNOWN, clock.now()));
    }
    step.add(new Fact.PairingEnded(pairing()));
    step.add(
        new Fact.StatusChanged(
            InstanceStatus.FAILED,
            StatusReason.LOGGED_OUT,
            (long) chance.below(5),
            clock.now(),
            null));
    append(step);
    log.project();
  }

  private void receive() throws InterruptedException {
    if (log.state().pairing().isEmpty()) {
      return;
    }
    List<Stanza> batch = peer.waiting(pairing()).stream().limit(1 + chance.below(BATCH)).toList();
    Step step = log.begin();
    Set<MessageId> having = new HashSet<>();
    List<Stanza> done = new ArrayList<>();
    int events = 0;
    for (Stanza stanza : batch) {
      int next = read(step, PEER_STEPS);
      if (stanza.step() > next) {
        step.put(PEER_STEPS, write(stanza.step()));
        MessageId message = peer.id(stanza);
        if (!log.answered(() -> storage.has(message)) && having.add(message)) {
          step.add(new Fact.Received(message, events++));
          step.announce(EventType.MESSAGE_RECEIVED, received(message));
        }
      }
      done.add(stanza);
    }
    PairingId pairing = pairing();
    if (!step.isEmpty()) {
      append(step);
    }
    done.forEach(stanza -> peer.acked(who, pairing, stanza));
    log.project();
  }

  private EventData received(MessageId message) {
    return new EventData.MessageReceived(
        message,
        new EventData.Contact(null, "peer@lid", null),
        "peer@lid",
        clock.now(),
        new MessageBody.Text("text"));
  }

  private void send() throws InterruptedException {
    Optional<Message> next =
        rows.values().stream().filter(row -> !isDone(row)).findFirst(); // as the index suggests
    if (next.isEmpty()) {
      return;
    }
    Message row = log.answered(() -> storage.message(next.get().id())).orElseThrow();
    if (row.status() != MessageStatus.QUEUED || log.state().unsettled(row.id()).isPresent()) {
      return;
    }
    Step step = log.begin();
    if (log.state().pairing().filter(row.pairing()::equals).isEmpty()) {
      step.add(new Fact.Failed(row.id(), "not_paired", clock.now()));
      append(step);
      log.project();
      return;
    }
    int ratchet = read(step, OWN_STEPS) + 1;
    step.put(OWN_STEPS, write(ratchet));
    Outgoing stanza = new Outgoing(pairing().value(), ratchet, row.whatsappId());
    int place = step.addStanza(stanza.bytes());
    step.add(new Fact.Sending(row.id(), row.whatsappId(), place, clock.now()));
    append(step);
    peer.receive(who, stanza);
    log.project();
  }

  /** The server's acks and the receipts: of those that it can have seen. */
  private void settle() throws InterruptedException {
    List<SessionState.Unsettled> unsettled = List.copyOf(log.state().unsettled());
    if (unsettled.isEmpty()) {
      return;
    }
    SessionState.Unsettled sent = chance.oneOf(unsettled);
    if (!peer.hasShown(sent.whatsappId())) {
      return;
    }
    Step step = log.begin();
    boolean delivered = chance.evens();
    step.add(new Fact.Sent(sent.message(), clock.now()));
    step.announce(EventType.MESSAGE_SENT, moved(sent.message()));
    if (delivered) {
      step.add(new Fact.Raised(sent.message(), MessageStatus.DELIVERED, clock.now()));
      step.announce(EventType.MESSAGE_DELIVERED, moved(sent.message()));
    }
    append(step);
    log.project();
  }

  private EventData moved(MessageId message) {
    return new EventData.MessageMoved(
        message, null, new EventData.Contact(null, "peer@lid", null), clock.now());
  }

  private void replay() throws InterruptedException {
    for (SessionState.Unsettled sent : log.state().unsettled()) {
      byte[] bytes = log.stanza(sent.seq(), sent.stanza()).orElse(null);
      Witness.check(bytes != null, "the bytes of what is on its way are gone");
      if (bytes != null) {
        peer.receive(who, Outgoing.of(bytes));
      }
    }
  }

  private void changeRecords() throws InterruptedException {
    Step step = log.begin();
    for (int i = 0; i < 1 + chance.below(4); i++) {
      String name = "prekeys#" + (1 + chance.below(6));
      if (chance.evens()) {
        step.remove(name);
      } else {
        step.put(name, write(read(step, name) + 1));
      }
    }
    append(step);
  }

  private static int read(Step step, String record) {
    byte @Nullable [] value = step.find(record);
    return value == null || value.length < 4 ? 0 : ByteBuffer.wrap(value).getInt();
  }

  private static byte[] write(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }
}
