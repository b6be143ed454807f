package dev.heliograph.simulation;

import dev.heliograph.authstate.PairingId;
import dev.heliograph.authstate.StoredRecord;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.StatusProjection;
import dev.heliograph.journal.Checkpoint;
import dev.heliograph.journal.Entry;
import dev.heliograph.journal.JournalReading;
import dev.heliograph.journal.SessionStorage;
import dev.heliograph.message.InboundRow;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageProjection;
import dev.heliograph.table.ThrottledException;
import dev.heliograph.table.UnansweredException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;

/**
 * The tables as one process meets them: over a network on which calls and answers get lost, come
 * late (after the caller's crash, a take-over, a wipe) or twice.
 */
final class UnreliableStorage implements SessionStorage {
  /** As the journal's client has it. */
  private static final Duration ATTEMPT = Duration.ofMillis(500);

  private final SessionStorage tables;
  private final Scheduler scheduler;
  private final Chance chance;
  private final Supplier<Weather> weather;

  UnreliableStorage(
      SessionStorage tables, Scheduler scheduler, Chance chance, Supplier<Weather> weather) {
    this.tables = tables;
    this.scheduler = scheduler;
    this.chance = chance;
    this.weather = weather;
  }

  private static final class Answer<T> {
    private @Nullable T value;
    private @Nullable Throwable failure;
  }

  /** One attempt of a call that reads. */
  private <T> T read(Supplier<T> call) {
    return call("", call);
  }

  private void write(String what, Runnable call) {
    call(
        what,
        () -> {
          call.run();
          return true;
        });
  }

  private <T> T call(String what, Supplier<T> call) {
    scheduler.checkAlive();
    if (Thread.currentThread().isInterrupted()) {
      throw new UnansweredException(new InterruptedException());
    }
    Weather now = weather.get();
    boolean writes = !what.isEmpty();
    if (chance.in1000(now.throttled())) {
      scheduler.waitFor(now.journey(chance));
      trace(what, "throttled");
      throw new ThrottledException(new IllegalStateException());
    }
    if (chance.in1000(now.lost())) {
      trace(what, "is lost");
      throw unanswered();
    }
    boolean late = writes && chance.in1000(now.late());
    boolean twice = writes && chance.in1000(now.twice());
    boolean answerLost = chance.in1000(now.answerLost());
    Duration there = late ? now.odyssey(chance) : now.journey(chance);
    Answer<T> answer = new Answer<>();
    String caller = String.valueOf(scheduler.running());
    scheduler.after(there, () -> happen(caller, what, call, answer));
    if (twice) {
      scheduler.after(
          now.odyssey(chance), () -> happen(caller, what + " (again)", call, new Answer<>()));
    }
    if (late || answerLost) {
      throw unanswered();
    }
    scheduler.waitFor(there.plus(now.journey(chance)).plus(pause(now)));
    if (answer.failure instanceof Error violation) {
      throw violation;
    }
    T value = answer.value;
    if (value == null) {
      throw unanswered(); // interrupted before it came
    }
    return value;
  }

  /** The process stands still, and does not know it. */
  private Duration pause(Weather now) {
    return chance.in1000(now.pause()) ? now.standstill(chance) : Duration.ZERO;
  }

  private UnansweredException unanswered() {
    scheduler.waitFor(ATTEMPT);
    return new UnansweredException(new IllegalStateException());
  }

  private <T> void happen(String caller, String what, Supplier<T> call, Answer<T> answer) {
    answer.value = call.get();
    if (!what.isEmpty()) {
      Object told =
          answer.value instanceof Optional<?> there && there.isPresent() ? there.get() : "";
      scheduler.trace(caller, what + (told.equals("") ? "" : ": refused, there is " + told));
    }
  }

  private void trace(String what, String fate) {
    if (!what.isEmpty()) {
      scheduler.trace(what + " " + fate);
    }
  }

  @Override
  public Optional<Entry> put(Entry entry) {
    return call("puts " + JournalReading.describe(entry), () -> tables.put(entry));
  }

  @Override
  public List<Entry> readAfter(long seq) {
    return read(() -> tables.readAfter(seq));
  }

  @Override
  public Optional<Entry> find(long seq) {
    return read(() -> tables.find(seq));
  }

  @Override
  public Optional<Checkpoint> checkpoint() {
    return read(tables::checkpoint);
  }

  @Override
  public void put(Checkpoint checkpoint) {
    write("checkpoint " + checkpoint.upto(), () -> tables.put(checkpoint));
  }

  @Override
  public Optional<StoredRecord> record(PairingId pairing, String name) {
    return read(() -> tables.record(pairing, name));
  }

  @Override
  public void put(PairingId pairing, String name, long seq, @Nullable SdkBytes sealed) {
    String what = (sealed == null ? "tombstone " : "record ") + name + " of " + seq;
    write(what, () -> tables.put(pairing, name, seq, sealed));
  }

  @Override
  public void begin(PairingId pairing, byte[] wrapped) {
    write("key of " + pairing, () -> tables.begin(pairing, wrapped));
  }

  @Override
  public Optional<byte[]> key(PairingId pairing) {
    return read(() -> tables.key(pairing));
  }

  @Override
  public void wipe(PairingId pairing) {
    write("wipe of " + pairing, () -> tables.wipe(pairing));
  }

  @Override
  public Optional<Instance> instance() {
    return read(tables::instance);
  }

  @Override
  public void project(long seq, StatusProjection status) {
    write("status " + status.status() + " of " + seq, () -> tables.project(seq, status));
  }

  @Override
  public void retire(long seq) {
    write("retire of " + seq, () -> tables.retire(seq));
  }

  @Override
  public Optional<Message> message(MessageId message) {
    return read(() -> tables.message(message));
  }

  @Override
  public void project(MessageId message, long seq, MessageProjection projection) {
    write(
        "row " + message + " " + projection.status() + " of " + seq,
        () -> tables.project(message, seq, projection));
  }

  @Override
  public void record(InboundRow row) {
    write("row " + row.id() + " received of " + row.seq(), () -> tables.record(row));
  }

  @Override
  public boolean has(MessageId message) {
    return read(() -> tables.has(message));
  }
}
