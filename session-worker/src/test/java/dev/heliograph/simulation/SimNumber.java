package dev.heliograph.simulation;

import static dev.heliograph.simulation.Witness.check;

import com.github.f4b6a3.ulid.Ulid;
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
import dev.heliograph.journal.SessionClock;
import dev.heliograph.journal.SessionLog;
import dev.heliograph.journal.SessionStorage;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageBody;
import dev.heliograph.message.MessageStatus;
import dev.heliograph.message.QueuePlace;
import dev.heliograph.message.QueuedMessage;
import dev.heliograph.session.Epochs;
import dev.heliograph.session.Mailbox;
import dev.heliograph.session.Mistakes;
import dev.heliograph.session.Session;
import dev.heliograph.session.SessionListener;
import dev.heliograph.session.SessionSettings;
import dev.heliograph.whatsapp.auth.ClientPayloads;
import dev.heliograph.whatsapp.auth.ClientVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One number: its rows, its side of WhatsApp, a customer who wishes and sends, somebody who writes
 * back; and what must be true of it in the end, whoever has its session.
 */
final class SimNumber {
  private static final CustomerId CUSTOMER = new CustomerId("cust_01JZZZZZZZZZZZZZZZZZZZZZZZ");

  private static final Duration DEADLINE = Duration.ofMinutes(4);

  private final InstanceId instance;
  private final int shard;
  private final Lie lie;
  private final Scheduler scheduler;
  private final SimClock clock;
  private final Chance chance;
  private final Supplier<Weather> weather;
  private final Duration stormy;
  private final Consumer<List<QueuePlace>> bell;
  private final PlainKeys keys = new PlainKeys();
  private final SeededSecureRandom random;
  private final IdGenerator ids;
  private final InMemoryStorage tables;
  private final Witness witness;
  private final SimWhatsApp whatsApp;
  private final Desired lastWish;

  private long drawn;
  private int accepted;

  /**
   * One that nobody has paired yet.
   *
   * @param number of those of a simulation, from 0
   * @param stormy until when everything goes wrong
   * @param bell rung when there is something to look at
   */
  SimNumber(
      int number,
      int shard,
      Lie lie,
      Scheduler scheduler,
      Chance chance,
      Supplier<Weather> weather,
      Supplier<WireWeather> wireWeather,
      Duration stormy,
      Consumer<List<QueuePlace>> bell) {
    this.instance = new InstanceId("inst_01JZZZZZZZZZZZZZZZZZZZZZZ" + number);
    this.shard = shard;
    this.lie = lie;
    this.scheduler = scheduler;
    this.clock = new SimClock(scheduler);
    this.chance = chance;
    this.weather = weather;
    this.stormy = stormy;
    this.bell = bell;
    this.tables = lie.tables().get();
    this.lastWish =
        switch (chance.below(6)) {
          case 0 -> Desired.DELETED;
          case 1 -> Desired.STOPPED;
          default -> Desired.RUNNING;
        };
    this.random = new SeededSecureRandom(chance.random());
    this.ids = () -> new Ulid(clock.now().toEpochMilli() << 16, ++drawn).toString();
    this.witness = new Witness(instance, tables, keys, random, clock);
    this.whatsApp =
        new SimWhatsApp(scheduler, clock, chance, wireWeather, new WireWitness(instance, witness));
    tables.create(
        Instance.created(instance, CUSTOMER, "name", Metadata.EMPTY, shard, SimClock.BEGINNING));
  }

  InstanceId id() {
    return instance;
  }

  int shard() {
    return shard;
  }

  SimWhatsApp whatsApp() {
    return whatsApp;
  }

  Instance row() {
    return tables.instance().orElseThrow();
  }

  /** How somebody gets at the tables. */
  SessionStorage storage(String who, SimMachine machine) {
    return lie.storage(
        scheduler,
        witness.watching(who, tables),
        watched ->
            new UnreliableStorage(
                watched, new UnreliableNetwork(scheduler, chance, weather, machine)));
  }

  /** Runs a session of somebody to its end. At rest it must know what the journal says. */
  Session.End run(
      String who,
      Instance row,
      SessionStorage storage,
      Mailbox mailbox,
      Epochs epochs,
      SessionClock time,
      Duration lease)
      throws InterruptedException {
    SessionLog log = log(storage, time);
    Session session =
        new Session(
            row,
            new SessionSettings(
                who,
                0,
                new ClientPayloads(ClientVersion.KNOWN, "Heliograph"),
                Duration.ofSeconds(20),
                lease,
                Duration.ofDays(7)),
            storage,
            log,
            mailbox,
            whatsApp.dialer(who),
            epochs,
            time,
            ids,
            chance.random(),
            SessionListener.NONE,
            new Mistakes());
    Session.End end = session.run();
    if (end == Session.End.AT_REST) {
      witness.compare(who, log.state());
    }
    return end;
  }

  private SessionLog log(SessionStorage storage, SessionClock time) {
    return new SessionLog(
        instance, CUSTOMER, storage, keys, random, ids, time, chance.random(), LogListener.NONE);
  }

  /** Lets the customer and the correspondent begin. */
  void begin() {
    wish(Desired.RUNNING);
    customer();
    correspondent();
  }

  private boolean isStormy() {
    return scheduler.nanos() < stormy.toNanos();
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
    } else if (what < 8) {
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
    bell.accept(List.of());
  }

  private void accept(PairingId pairing) {
    Instant now = clock.now();
    String whatsappId = CalmSession.outboundId(++accepted);
    Message row =
        Message.queued(
            instance,
            CUSTOMER,
            shard,
            pairing,
            whatsappId,
            new PhoneNumber(SimPeer.PN.user()),
            new MessageBody.Text("from me " + whatsappId),
            null,
            now,
            now.plus(chance.in1000(50) ? Duration.ofSeconds(2) : DEADLINE));
    scheduler.trace("customer", "sends " + whatsappId + " " + row.id());
    tables.accept(row);
    bell.accept(chance.evens() ? List.of(row.place()) : List.of());
  }

  /** What the index shows: it lags behind the rows, in both directions. */
  List<QueuedMessage> queued() {
    List<QueuedMessage> shown = new ArrayList<>();
    for (Message row : tables.messages()) {
      boolean isNew = row.acceptedAt().plusMillis(500).isAfter(clock.now());
      if (row.status() == MessageStatus.QUEUED
          ? !isNew || chance.evens()
          : isStormy() && chance.in1000(20)) {
        shown.add(new QueuedMessage(instance, row.id(), row.acceptedAt(), row.deadline()));
      }
    }
    return shown;
  }

  private void correspondent() {
    whatsApp.write();
    if (isStormy()) {
      scheduler.after(chance.millis(500, 8_000), this::correspondent);
    }
  }

  /**
   * Lets entries behind the checkpoint expire whose bytes nobody needs any more. As the real ones
   * they are older than any call that is still on its way.
   */
  void expire() {
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

  /** Nothing goes wrong any more: the customer wishes a last time, and helps where one must. */
  void calm() {
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

  /** What must be true while it is still owned. */
  void checkLive() {
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

  /** What must be true once nobody owns it any more. */
  void checkEnd() {
    witness.checkRows();
    for (Message row : tables.messages()) {
      checkOutcome(row);
    }
    witness.checkMemory(
        "auditor", log(witness.watching("auditor", tables), clock), Long.MAX_VALUE / 2);
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
    check(witness.wasTold(row.id(), row.status()), "came to its end and nobody was told: " + what);
  }
}
