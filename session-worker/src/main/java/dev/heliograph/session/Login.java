package dev.heliograph.session;

import static dev.heliograph.session.Timers.Timer.DRAIN;
import static dev.heliograph.session.Timers.Timer.GRACE;
import static dev.heliograph.session.Timers.Timer.LOGIN;
import static dev.heliograph.session.Timers.Timer.STABLE;

import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.journal.Fact;
import dev.heliograph.journal.SessionLog;
import dev.heliograph.journal.Step;
import dev.heliograph.whatsapp.auth.Credentials;
import dev.heliograph.whatsapp.signal.PreKey;
import dev.heliograph.whatsapp.signal.PreKeys;
import dev.heliograph.whatsapp.socket.Connection;
import dev.heliograph.whatsapp.stream.Iqs;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** From the server's {@code success} to the first stanza that may be delivered. */
final class Login {
  private static final Duration DRAINED_WITHIN = Duration.ofSeconds(10);
  private static final Duration STABLE_AFTER = Duration.ofSeconds(60);

  private final Situation situation;
  private final SessionLog log;
  private final Timers timers;
  private final Transitions transitions;
  private final RandomGenerator random;

  Login(
      Situation situation,
      SessionLog log,
      Timers timers,
      Transitions transitions,
      RandomGenerator random) {
    this.situation = situation;
    this.log = log;
    this.timers = timers;
    this.transitions = transitions;
    this.random = random;
  }

  /** The server lets us in: pre-keys first, then deliveries may come. */
  void succeeded(Link link) throws InterruptedException {
    timers.clear(LOGIN);
    confirm(link);
    keepPreKeys(link.connection());
    link.connection().request(Iqs.activate(link.connection().nextId()), Iqs.ANSWER_WITHIN);
    situation.setLink(link.in(Link.Phase.DRAINING));
    timers.set(DRAIN, DRAINED_WITHIN);
    timers.set(STABLE, STABLE_AFTER);
    timers.clear(GRACE);
    if (situation.isDown()) { // the grace ran out while this login was under way
      transitions.append(InstanceStatus.CONNECTING);
    }
    if (situation.state().status() != InstanceStatus.CONNECTED) {
      transitions.append(InstanceStatus.CONNECTED);
    }
  }

  private void confirm(Link link) throws InterruptedException {
    if (situation.state().isConfirmed()) {
      return;
    }
    Credentials known = link.credentials();
    Credentials confirmed = known.withAccount(known.account().asConfirmed());
    Step step = log.begin();
    step.add(new Fact.PairingConfirmed());
    step.put(Credentials.RECORD, confirmed.encode());
    situation.append(step);
    situation.setCredentials(confirmed);
  }

  /** Sees to it that the server has enough of our one-time pre-keys; they are kept first. */
  void keepPreKeys(Connection connection) throws InterruptedException {
    int left =
        Iqs.preKeyCount(
            connection.request(Iqs.countPreKeys(connection.nextId()), Iqs.ANSWER_WITHIN));
    if (left >= PreKeys.REFILL_BELOW) {
      return;
    }
    Step made = log.begin();
    List<PreKey> keys =
        new PreKeys(made, random).toUpload(left == 0 ? PreKeys.FIRST_UPLOAD : PreKeys.REFILL);
    if (!made.isEmpty()) {
      situation.append(made);
    }
    connection.request(
        Iqs.uploadPreKeys(connection.nextId(), situation.requireCredentials(), keys),
        Iqs.ANSWER_WITHIN);
    Step uploaded = log.begin();
    new PreKeys(uploaded, random).uploaded(keys);
    situation.append(uploaded);
  }
}
