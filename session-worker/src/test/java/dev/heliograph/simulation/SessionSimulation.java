package dev.heliograph.simulation;

import static dev.heliograph.simulation.Witness.check;

import com.github.f4b6a3.ulid.Ulid;
import com.google.protobuf.ByteString;
import dev.heliograph.account.CustomerId;
import dev.heliograph.authstate.PairingId;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.instance.Desired;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.instance.Metadata;
import dev.heliograph.instance.PhoneNumber;
import dev.heliograph.instance.QrCode;
import dev.heliograph.journal.Checkpoint;
import dev.heliograph.journal.Entry;
import dev.heliograph.journal.LogListener;
import dev.heliograph.journal.SessionLog;
import dev.heliograph.journal.SessionStorage;
import dev.heliograph.journal.Step;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageBody;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageStatus;
import dev.heliograph.session.Epochs;
import dev.heliograph.session.Mail;
import dev.heliograph.session.Session;
import dev.heliograph.session.SessionListener;
import dev.heliograph.session.SessionSettings;
import dev.heliograph.table.NotAcknowledgedException;
import dev.heliograph.whatsapp.auth.ClientPayloads;
import dev.heliograph.whatsapp.auth.ClientVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One run of the real session: owners of a shard that come and go, WhatsApp, a customer who wishes
 * and sends, somebody who writes back. First everything goes wrong, then nothing does, and in the
 * end everything must have come to its end.
 */
final class SessionSimulation {
  private static final Duration STORMY = Duration.ofSeconds(200);
  private static final Duration QUIET = Duration.ofMinutes(25);
  private static final Duration TICK = Duration.ofSeconds(30);
  private static final Duration LEASE = Duration.ofSeconds(4);

  private static final InstanceId INSTANCE = new InstanceId("inst_01JZZZZZZZZZZZZZZZZZZZZZZZ");
  private static final CustomerId CUSTOMER = new CustomerId("cust_01JZZZZZZZZZZZZZZZZZZZZZZZ");

  private final Lie lie;
  private final Chance chance;
  private final Scheduler scheduler = new Scheduler();
  private final SimClock clock = new SimClock(scheduler);
  private final PlainKeys keys = new PlainKeys();
  private final SeededSecureRandom random;
  private final IdGenerator ids;
  private final InMemoryStorage tables;
  private final Witness witness;
  private final SimWhatsApp whatsApp;
  private final List<Owner> owners = new ArrayList<>();
  private final Desired lastWish;

  private Weather weather;
  private WireWeather wireWeather;
  private Owner named;
  private long epoch;
  private long drawn;
  private int accepted;

  /** Somebody who owns the shard, or believes so. */
  private final class Owner implements Epochs {
    private final String name = "owner-" + (owners.size() + 1);
    private final SimMailbox mailbox = new SimMailbox(scheduler, clock, chance);
    private long mine = ++epoch;
    private @Nullable SimProcess process;

    void start() {
      scheduler.trace(name, "takes over in epoch " + mine);
      process = scheduler.start(name, this::run);
    }

    /** As a worker runs the sessions of an instance, one after the other. */
    private void run() throws InterruptedException {
      mailbox.put(new Mail.Look(List.of()));
      while (true) {
        switch (session().run()) {
          case AT_REST -> scheduler.trace("is at rest");
          case LOST -> {
            scheduler.trace("has lost it");
            clock.pause(chance.millis(1_000, 2_000));
            mailbox.put(new Mail.Look(List.of()));
          }
          case NOT_OURS -> scheduler.trace("does not own it");
        }
        if (isReleased || named != this) {
          return;
        }
        mailbox.put(new Mail.Look(awaitLook()));
      }
    }

    /** What the session before did not look at, or a ring. */
    private List<MessageId> awaitLook() throws InterruptedException {
      List<MessageId> messages = new ArrayList<>();
      boolean looks = false;
      while (!looks) {
        mailbox.poll(Duration.ofHours(1)).ifPresent(mailbox::put);
        for (Mail mail : mailbox.drain()) {
          if (mail instanceof Mail.Look(List<MessageId> named)) {
            looks = true;
            messages.addAll(named);
          }
        }
      }
      return messages;
    }

    private boolean isReleased;

    void release() {
      isReleased = true;
      mailbox.put(new Mail.Release());
    }

    private Session session() throws InterruptedException {
      SessionStorage storage = storage(name);
      return new Session(
          row(storage),
          new SessionSettings(
              name,
              0,
              new ClientPayloads(ClientVersion.KNOWN, "Heliograph"),
              Duration.ofSeconds(20),
              LEASE,
              Duration.ofDays(7)),
          storage,
          log(storage),
          mailbox,
          whatsApp.dialer(name),
          this,
          clock,
          ids,
          chance.random(),
          SessionListener.NONE);
    }

    private Instance row(SessionStorage storage) throws InterruptedException {
      while (true) {
        try {
          return storage.instance().orElseThrow();
        } catch (NotAcknowledgedException again) {
          clock.pause(Duration.ofMillis(500));
        }
      }
    }

    @Override
    public long current() {
      return mine;
    }

    @Override
    public Optional<Long> raiseAbove(long met) {
      scheduler.waitFor(chance.millis(1, 20));
      if (named != this) {
        return Optional.empty();
      }
      epoch = Math.max(epoch, met + 1);
      mine = epoch;
      return Optional.of(mine);
    }

    boolean isAlive() {
      return process != null && process.isAlive();
    }
  }

  SessionSimulation(long seed, Lie lie) {
    this.lie = lie;
    this.tables = lie.tables().get();
    this.chance = new Chance(seed);
    this.weather = Weather.drawn(chance);
    this.wireWeather = WireWeather.drawn(chance);
    this.lastWish =
        switch (chance.below(6)) {
          case 0 -> Desired.DELETED;
          case 1 -> Desired.STOPPED;
          default -> Desired.RUNNING;
        };
    this.random = new SeededSecureRandom(chance.random());
    this.ids = () -> new Ulid(clock.now().toEpochMilli() << 16, ++drawn).toString();
    this.witness = new Witness(INSTANCE, tables, keys, random);
    this.whatsApp =
        new SimWhatsApp(
            scheduler, clock, chance, () -> wireWeather, new WireWitness(INSTANCE, witness));
    tables.create(
        Instance.created(INSTANCE, CUSTOMER, "name", Metadata.EMPTY, 0, SimClock.BEGINNING));
    this.named = new Owner();
  }

  private SessionStorage storage(String name) {
    return lie.storage(
        scheduler,
        witness.watching(name, tables),
        watched -> new UnreliableStorage(watched, scheduler, chance, () -> weather));
  }

  private SessionLog log(SessionStorage storage) {
    return new SessionLog(
        INSTANCE, CUSTOMER, storage, keys, random, ids, clock, chance.random(), LogListener.NONE);
  }

  Seeds.Outcome run() {
    try {
      owners.add(named);
      named.start();
      wish(Desired.RUNNING);
      customer();
      correspondent();
      ticks();
      scheduler.after(chance.millis(5_000, 40_000), this::disturb);
      Throwable failure = scheduler.run(STORMY);
      if (failure == null) {
        weather = Weather.FAIR;
        wireWeather = WireWeather.FAIR;
        failure = scheduler.run(Weather.LONGEST_ODYSSEY);
      }
      if (failure == null) {
        quiet();
        failure = scheduler.run(QUIET);
      }
      if (failure == null) {
        checkLive();
        named.release();
        failure = scheduler.run(Duration.ofMinutes(2));
      }
      if (failure == null) {
        checkEnd();
      }
      return new Seeds.Outcome(scheduler.trace(), Optional.ofNullable(failure));
    } catch (AssertionError violated) {
      return new Seeds.Outcome(scheduler.trace(), Optional.of(violated));
    } finally {
      scheduler.close();
    }
  }

  private boolean isStormy() {
    return scheduler.nanos() < STORMY.toNanos();
  }

  private Instance row() {
    return tables.instance().orElseThrow();
  }

  // The customer

  private void customer() {
    scan();
    Instance row = row();
    boolean isUp =
        row.status() == InstanceStatus.CONNECTED || row.status() == InstanceStatus.CONNECTING;
    boolean isDown =
        row.status() == InstanceStatus.FAILED || row.status() == InstanceStatus.PENDING;
    PairingId pairing = row.pairing();
    int what = chance.below(1000);
    if (row.desired() != Desired.RUNNING || (isDown && !row.isStartWished())) {
      if (what < 300) {
        wish(Desired.RUNNING);
      }
    } else if (isUp && what < 8) {
      wish(Desired.STOPPED);
    } else if (isUp && what < 13) {
      wish(Desired.LOGGED_OUT);
    } else if (isUp && what < 18) {
      whatsApp.unlink();
    } else if (isUp && pairing != null && what < 700) {
      accept(pairing);
    }
    if (isStormy()) {
      scheduler.after(chance.millis(200, 5_000), this::customer);
    }
  }

  private void scan() {
    QrCode qr = row().qr();
    if (qr != null && chance.in1000(700)) {
      whatsApp.scan(qr.raw());
    }
  }

  private void wish(Desired desired) {
    scheduler.trace("customer", "wishes " + desired);
    tables.wish(desired, clock.now());
    ring(List.of());
  }

  private void accept(PairingId pairing) {
    Instant now = clock.now();
    String whatsappId = CalmSession.outboundId(++accepted);
    Message row =
        Message.queued(
            INSTANCE,
            CUSTOMER,
            0,
            pairing,
            whatsappId,
            new PhoneNumber(SimPeer.PN.user()),
            new MessageBody.Text("from me " + whatsappId),
            null,
            now,
            now.plus(chance.in1000(50) ? Duration.ofSeconds(2) : Duration.ofMinutes(10)));
    scheduler.trace("customer", "sends " + whatsappId + " " + row.id());
    tables.accept(row);
    ring(chance.evens() ? List.of(row.id()) : List.of());
  }

  /** Tells the owner where to look; whoever owned the shard once may hear it too. */
  private void ring(List<MessageId> messages) {
    if (chance.in1000(wireWeather.ringLost())) {
      return;
    }
    scheduler.after(chance.millis(5, 500), () -> look(named, messages));
    if (chance.in1000(wireWeather.ringTwice())) {
      scheduler.after(chance.millis(5, 5_000), () -> look(chance.oneOf(owners), messages));
    }
  }

  private void look(Owner owner, List<MessageId> messages) {
    List<MessageId> all = new ArrayList<>(indexed());
    messages.stream().filter(message -> !all.contains(message)).forEach(all::add);
    owner.mailbox.put(new Mail.Look(all));
  }

  /** What the index shows: it lags behind the rows, in both directions. */
  private List<MessageId> indexed() {
    List<MessageId> shown = new ArrayList<>();
    for (Message row : tables.messages()) {
      boolean isNew = row.acceptedAt().plusMillis(500).isAfter(clock.now());
      if (row.status() == MessageStatus.QUEUED
          ? !isNew || chance.evens()
          : isStormy() && chance.in1000(20)) {
        shown.add(row.id());
      }
    }
    return shown;
  }

  private void ticks() {
    look(named, List.of());
    if (chance.in1000(wireWeather.ringTwice())) {
      look(chance.oneOf(owners), List.of());
    }
    scheduler.after(TICK, this::ticks);
  }

  // The others

  private void correspondent() {
    whatsApp.write();
    if (isStormy()) {
      scheduler.after(chance.millis(500, 8_000), this::correspondent);
    }
  }

  /** Crashes, take-overs from those who do not know of it, hand-overs. */
  private void disturb() {
    if (!isStormy()) {
      return;
    }
    if (chance.in1000(wireWeather.trouble())) {
      whatsApp.endStream();
    }
    Owner owner = named;
    int what = chance.below(100);
    if (what < 40) {
      kill(owner);
      scheduler.after(chance.millis(10, 5_000), this::takeOver);
    } else if (what < 75) {
      takeOver();
    } else if (what < 90) {
      owner.release();
      scheduler.after(chance.millis(10, 2_000), this::takeOver);
    } else if (owner.process != null) {
      scheduler.interrupt(owner.process);
      takeOver();
    }
    scheduler.after(chance.millis(5_000, 60_000), this::disturb);
  }

  private void kill(Owner owner) {
    scheduler.trace(owner.name, "CRASHES");
    if (owner.process != null) {
      scheduler.kill(owner.process);
    }
    whatsApp.crashed(owner.name);
  }

  private void takeOver() {
    Owner next = new Owner();
    owners.add(next);
    named = next;
    next.start();
  }

  /**
   * Lets entries behind the checkpoint expire whose bytes nobody needs any more. As the real ones
   * they are older than any call that is still on its way.
   */
  private void expire() {
    long upto = tables.checkpoint().map(Checkpoint::upto).orElse(0L);
    Instant old = clock.now().minus(Weather.LONGEST_ODYSSEY);
    for (Entry entry : tables.readAfter(0)) {
      boolean needed =
          witness.reading().state().unsettled().stream()
              .anyMatch(sent -> sent.seq() == entry.seq());
      if (entry.seq() <= upto && entry.at().isBefore(old) && !needed && chance.evens()) {
        tables.expire(entry.seq());
      }
    }
  }

  // The end

  private void quiet() {
    if (chance.evens()) {
      owners.forEach(this::kill); // whoever slept as long as an entry lives was declared dead
      expire();
    }
    takeOver();
    wish(lastWish);
    scheduler.after(Duration.ofSeconds(10), this::help);
  }

  /** Whatever still needs a human. */
  private void help() {
    scan();
    Instance row = row();
    boolean isDown =
        row.status() == InstanceStatus.FAILED || row.status() == InstanceStatus.PENDING;
    if (row.desired() == Desired.RUNNING && isDown && !row.isStartWished()) {
      wish(Desired.RUNNING);
    }
    scheduler.after(Duration.ofSeconds(10), this::help);
  }

  private void checkLive() {
    Instance row = row();
    switch (lastWish) {
      case DELETED -> {
        check(witness.reading().state().isDeleted(), "a deleted instance is still there");
        check(row.shard() == Instance.RETIRED, "a deleted instance is still on its shard");
        check(whatsApp.linkedDevice().isEmpty(), "a deleted instance is still linked");
      }
      case STOPPED -> check(isDown(row), "the instance is not stopped: " + row);
      default -> {
        check(row.status() == InstanceStatus.CONNECTED, "the instance is " + row);
        check(whatsApp.waiting().isEmpty(), "something waits: " + whatsApp.waiting());
      }
    }
  }

  private static boolean isDown(Instance row) {
    return switch (row.status()) {
      case PENDING, DISCONNECTED, FAILED -> true;
      case QR, CONNECTING, CONNECTED -> false;
    };
  }

  private void checkEnd() {
    check(!named.isAlive(), "the last owner has not come to an end");
    witness.checkRows();
    for (Message row : tables.messages()) {
      checkOutcome(row);
    }
    checkMemory();
  }

  private void checkOutcome(Message row) {
    String what = row.whatsappId() + " " + row;
    boolean wasShown = whatsApp.peer().hasShown(row.whatsappId());
    switch (row.status()) {
      case QUEUED, SENDING -> throw new AssertionError("came to no end: " + what);
      case SENT -> check(whatsApp.hasTaken(row.whatsappId()), "was not sent: " + what);
      case DELIVERED, READ, PLAYED -> check(wasShown, "was not shown: " + what);
      case FAILED -> {
        check(
            !wasShown || Message.OUTCOME_UNKNOWN.equals(row.error()),
            "failed and was shown: " + what);
        boolean isStale = "refused_479".equals(row.error()) || "refused_421".equals(row.error());
        check(
            !isStale || whatsApp.refusals(row.whatsappId()) > 1,
            "was not tried again with other devices: " + what);
      }
    }
  }

  /** What a new owner would remember, and every record that it would load. */
  private void checkMemory() {
    SessionStorage storage = witness.watching("auditor", tables);
    SessionLog log = log(storage);
    try {
      log.open("auditor", epoch + 1, 0);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    witness.compare("auditor", log.state());
    Step step = log.begin();
    Map<String, ByteString> expected = witness.reading().records();
    expected.forEach((name, value) -> check(is(step, name, value), "another record: " + name));
    log.state()
        .pairing()
        .ifPresent(
            live -> {
              for (String name : tables.records(live).keySet()) {
                check(
                    expected.containsKey(name) || step.find(name) == null,
                    "a record that was removed is back: " + name);
              }
            });
  }

  private static boolean is(Step step, String name, ByteString value) {
    byte @Nullable [] found = step.find(name);
    return found != null && ByteString.copyFrom(found).equals(value);
  }
}
