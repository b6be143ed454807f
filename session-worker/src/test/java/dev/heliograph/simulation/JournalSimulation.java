package dev.heliograph.simulation;

import static dev.heliograph.simulation.Witness.check;

import com.github.f4b6a3.ulid.Ulid;
import dev.heliograph.account.CustomerId;
import dev.heliograph.authstate.PairingId;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.Metadata;
import dev.heliograph.instance.PhoneNumber;
import dev.heliograph.journal.Checkpoint;
import dev.heliograph.journal.Entry;
import dev.heliograph.journal.EpochPassedException;
import dev.heliograph.journal.FencedException;
import dev.heliograph.journal.LogListener;
import dev.heliograph.journal.OutcomeUnknownException;
import dev.heliograph.journal.RatchetsBehindException;
import dev.heliograph.journal.SessionEndedException;
import dev.heliograph.journal.SessionLog;
import dev.heliograph.journal.SessionStorage;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageBody;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One run: owners that come, stand still, die and compete over one journal, then a quiet end. */
final class JournalSimulation {
  private static final Duration STORMY = Duration.ofSeconds(60);
  private static final Duration STRAGGLERS = Duration.ofSeconds(100);
  private static final Duration QUIET = Duration.ofMinutes(5);

  private static final InstanceId INSTANCE = new InstanceId("inst_01JZZZZZZZZZZZZZZZZZZZZZZZ");
  private static final CustomerId CUSTOMER = new CustomerId("cust_01JZZZZZZZZZZZZZZZZZZZZZZZ");

  private final Lie lie;
  private final Chance chance;
  private final Scheduler scheduler = new Scheduler();
  private final SimClock clock = new SimClock(scheduler);
  private final PlainKeys keys = new PlainKeys();
  private final SeededSecureRandom secureRandom;
  private final IdGenerator ids;
  private final InMemoryStorage tables;
  private final Witness witness;
  private final ToyPeer peer;
  private final Map<MessageId, Message> rows = new LinkedHashMap<>();
  private final List<SimProcess> owners = new ArrayList<>();

  private Weather weather;
  private String named = "";
  private long epoch;
  private long drawn;
  private boolean finished;

  JournalSimulation(long seed, Lie lie) {
    this.lie = lie;
    this.tables = lie.tables().get();
    this.chance = new Chance(seed);
    this.weather = Weather.drawn(chance);
    this.secureRandom = new SeededSecureRandom(chance.random());
    this.ids = () -> new Ulid(clock.now().toEpochMilli() << 16, ++drawn).toString();
    this.witness = new Witness(INSTANCE, tables, keys, secureRandom, clock);
    this.peer = new ToyPeer(INSTANCE, witness);
    tables.create(
        Instance.created(INSTANCE, CUSTOMER, "name", Metadata.EMPTY, 0, SimClock.BEGINNING));
  }

  Seeds.Outcome run() {
    try {
      takeOver();
      ask();
      disturb();
      Throwable failure = scheduler.run(STORMY);
      if (failure == null) {
        calm();
        failure = scheduler.run(STRAGGLERS.plus(QUIET));
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

  /** Whoever uses the API or writes to the number. */
  private void ask() {
    tables.instance().map(Instance::pairing).ifPresent(this::accept);
    witness.reading().state().pairing().ifPresent(live -> peer.write(live, chance));
    if (isStormy()) {
      scheduler.after(chance.millis(100, 1500), this::ask);
    }
  }

  private boolean isStormy() {
    return scheduler.nanos() < STORMY.toNanos();
  }

  private void accept(PairingId pairing) {
    Instant now = clock.now();
    Message row =
        Message.queued(
            INSTANCE,
            CUSTOMER,
            0,
            pairing,
            "OUT" + rows.size(),
            new PhoneNumber("4915100000001"),
            new MessageBody.Text("text"),
            null,
            now,
            now.plusSeconds(600));
    tables.accept(row);
    rows.put(row.id(), row);
  }

  /** Crashes, standstills and take-overs. */
  private void disturb() {
    if (!isStormy()) {
      expire();
      return;
    }
    SimProcess owner = chance.oneOf(owners);
    int what = chance.below(100);
    if (what < 40) {
      scheduler.trace(owner.name(), "CRASHES");
      scheduler.kill(owner);
      takeOver();
    } else if (what < 75) {
      takeOver(); // the one before does not know yet
    } else if (what < 85) {
      expire();
    } else if (what < 92 && owner.isAlive()) {
      scheduler.interrupt(owner);
      takeOver();
    }
    scheduler.after(chance.millis(1_000, 12_000), this::disturb);
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
        scheduler.trace("entry " + entry.seq() + " expires");
        tables.expire(entry.seq());
      }
    }
  }

  private void takeOver() {
    named = "owner-" + (owners.size() + 1);
    epoch++;
    String name = named;
    long mine = epoch;
    scheduler.trace(name, "takes over in epoch " + mine);
    owners.add(scheduler.start(name, () -> own(name, mine)));
  }

  private void own(String name, long first) throws InterruptedException {
    long mine = first;
    while (true) {
      SessionStorage storage = storage(name);
      SessionLog log = log(storage);
      try {
        log.open(name, mine, 0);
        scheduler.trace("has opened");
        BareSession session =
            new BareSession(
                name, log, storage, clock, ids, peer, witness, chance, rows, this::isStormy);
        if (finished) {
          session.settleAll();
          scheduler.trace("is done");
          return;
        }
        session.live();
      } catch (EpochPassedException passed) {
        if (!named.equals(name)) {
          return;
        }
        mine = passed.met() + 1;
        epoch = mine;
      } catch (FencedException | RatchetsBehindException replaced) {
        scheduler.trace("is fenced");
        if (!named.equals(name)) {
          return;
        }
      } catch (SessionEndedException interrupted) {
        return;
      } catch (OutcomeUnknownException unknown) {
        scheduler.trace("does not know");
      }
      clock.pause(chance.millis(100, 1000));
    }
  }

  private SessionStorage storage(String name) {
    return lie.storage(
        scheduler,
        witness.watching(name, tables),
        watched ->
            new UnreliableStorage(
                watched,
                new UnreliableNetwork(
                    scheduler, chance, () -> weather, SimMachine.exact(scheduler))));
  }

  private SessionLog log(SessionStorage storage) {
    return new SessionLog(
        INSTANCE,
        CUSTOMER,
        storage,
        keys,
        secureRandom,
        ids,
        clock,
        chance.random(),
        LogListener.NONE);
  }

  /** No more faults; a last owner tidies up when what was late has arrived. */
  private void calm() {
    weather = Weather.FAIR;
    scheduler.after(
        STRAGGLERS,
        () -> {
          finished = true;
          takeOver();
        });
  }

  private void checkEnd() {
    SimProcess last = owners.getLast();
    check(last.hasEnded(), "the last owner has not come to an end");
    witness.checkRows();
    for (Message row : rows.values()) {
      check(witness.outcome(row.id()).isPresent(), "an accepted message came to nothing");
      MessageStatus status = witness.outcome(row.id()).orElseThrow();
      check(status != MessageStatus.SENDING, "a message is being sent for ever");
      boolean wasShown = peer.hasShown(row.whatsappId());
      String error = tables.message(row.id()).orElseThrow().error();
      check(
          status == MessageStatus.FAILED || wasShown, "a message counts as sent and was not shown");
      check(!"not_paired".equals(error) || !wasShown, "a message that was not sent was shown");
    }
    witness.checkMemory("auditor", log(witness.watching("auditor", tables)), epoch + 1);
  }
}
