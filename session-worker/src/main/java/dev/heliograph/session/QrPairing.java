package dev.heliograph.session;

import static dev.heliograph.session.Timers.Timer.LOGIN;
import static dev.heliograph.session.Timers.Timer.QR;

import dev.heliograph.authstate.PairingId;
import dev.heliograph.event.EventData;
import dev.heliograph.event.EventType;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.instance.StatusReason;
import dev.heliograph.journal.Fact;
import dev.heliograph.journal.SessionClock;
import dev.heliograph.journal.SessionLog;
import dev.heliograph.journal.Step;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.auth.Account;
import dev.heliograph.whatsapp.auth.Credentials;
import dev.heliograph.whatsapp.auth.Pairing;
import dev.heliograph.whatsapp.auth.QrCode;
import dev.heliograph.whatsapp.signal.SignalSessions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.random.RandomGenerator;

/** From the first code to the scan: keys are new with each attempt, and so are the codes. */
final class QrPairing {
  /** How long the server may take to close after a scan. */
  private static final Duration CLOSED_WITHIN = Duration.ofSeconds(30);

  private final Situation situation;
  private final SessionLog log;
  private final Timers timers;
  private final Transitions transitions;
  private final Endings endings;
  private final Line line;
  private final SessionClock clock;
  private final IdGenerator ids;
  private final RandomGenerator random;
  private final Deque<QrCode> codes = new ArrayDeque<>();
  private int attempts;

  QrPairing(
      Situation situation,
      SessionLog log,
      Timers timers,
      Transitions transitions,
      Endings endings,
      Line line,
      SessionClock clock,
      IdGenerator ids,
      RandomGenerator random) {
    this.situation = situation;
    this.log = log;
    this.timers = timers;
    this.transitions = transitions;
    this.endings = endings;
    this.line = line;
    this.clock = clock;
    this.ids = ids;
    this.random = random;
  }

  /** The server offers codes. */
  void offered(Node iq, Link link) throws InterruptedException {
    timers.clear(LOGIN);
    attempts++;
    codes.clear();
    codes.addAll(Pairing.codes(iq, link.credentials()));
    link.connection().send(Pairing.taken(iq));
    showNext();
  }

  /** Shows the next code, or gives up when there is none. */
  void showNext() throws InterruptedException {
    QrCode code = codes.poll();
    if (code == null) {
      endings.toPending(StatusReason.QR_TIMEOUT);
      return;
    }
    Step step = log.begin();
    Instant expiresAt = clock.now().plus(code.lifetime());
    if (situation.state().status() != InstanceStatus.QR) {
      transitions.add(step, InstanceStatus.QR, null);
    }
    step.add(new Fact.QrShown(code.text(), expiresAt, attempts));
    step.announce(EventType.INSTANCE_QR, new EventData.QrShown(code.text(), expiresAt));
    situation.append(step);
    timers.set(QR, code.lifetime());
  }

  /** A phone has scanned. What it agreed on is kept before it is told that we agree. */
  void scanned(Node iq, Link link) throws InterruptedException {
    timers.clear(QR);
    codes.clear();
    switch (Pairing.success(iq, link.credentials())) {
      case Pairing.Outcome.Paired(Credentials paired, Node reply) -> {
        keep(paired);
        link.connection().send(reply);
        situation.setLink(link.in(Link.Phase.PAIRED));
        timers.set(LOGIN, CLOSED_WITHIN);
      }
      case Pairing.Outcome.Refused(Pairing.Reason reason, Node reply) -> {
        link.connection().send(reply);
        endings.toPending(StatusReason.PAIRING_FAILED);
      }
    }
  }

  private void keep(Credentials paired) throws InterruptedException {
    Account account = paired.account();
    Step step = log.begin();
    step.add(
        new Fact.Paired(PairingId.draw(ids), account.pn().user(), account.lid().bare().text()));
    step.put(Credentials.RECORD, paired.encode());
    new SignalSessions(paired, step, random).trust(account.lid().bare(), account.phoneIdentity());
    if (situation.state().status() == InstanceStatus.QR) {
      transitions.add(step, InstanceStatus.CONNECTING, null);
    }
    situation.append(step);
    situation.setCredentials(paired);
    line.paired();
  }
}
