package dev.heliograph.journal;

import com.google.protobuf.ByteString;
import dev.heliograph.account.CustomerId;
import dev.heliograph.authstate.AuthState;
import dev.heliograph.authstate.DataKey;
import dev.heliograph.authstate.KeyWrapper;
import dev.heliograph.authstate.PairingId;
import dev.heliograph.authstate.StoredRecord;
import dev.heliograph.event.Event;
import dev.heliograph.event.EventId;
import dev.heliograph.event.EventJson;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.instance.InstanceId;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;

/**
 * A session's memory and its journal, kept the same: every change is one entry at the next place,
 * and what was read of the past is all that a session believes.
 *
 * <p>Used by one thread. After any exception of {@link #append} or {@link #open} the memory is void
 * and the log must be dropped.
 */
public final class SessionLog {
  /** Entries between checkpoints. */
  static final int CHECKPOINT_EVERY = 64;

  private static final String SESSION_RECORD = "session#";
  private static final String SENDER_KEY_RECORD = "sender-key#";
  private static final long GENERATION_SIZE = 1_000_000_000_000L;

  private final InstanceId instance;
  private final CustomerId customer;
  private final SessionStorage storage;
  private final KeyWrapper keys;
  private final SecureRandom keyMaterial;
  private final IdGenerator ids;
  private final SessionClock clock;
  private final LogListener listener;
  private final JournalWriter writer;

  private SessionState state = new SessionState();
  private long last;
  private long checkpointed;
  private @Nullable DataKey key;
  private final Map<String, Cached> records = new HashMap<>();
  private final Map<Place, ByteString> stanzas = new HashMap<>();
  private final PendingRows rows = new PendingRows();
  private final Set<PairingId> toWipe = new LinkedHashSet<>();

  /**
   * What memory has of a record.
   *
   * @param value empty for a removed one, or one that never was
   * @param dirty whether the entry that changed it is all that has it
   */
  private record Cached(Optional<ByteString> value, long seq, boolean dirty) {
    @Override
    public String toString() {
      return "Cached[seq=" + seq + ", dirty=" + dirty + "]";
    }
  }

  private record Place(long seq, int stanza) {}

  /** A log that knows nothing yet: {@link #open} comes first. */
  public SessionLog(
      InstanceId instance,
      CustomerId customer,
      SessionStorage storage,
      KeyWrapper keys,
      SecureRandom keyMaterial,
      IdGenerator ids,
      SessionClock clock,
      RandomGenerator random,
      LogListener listener) {
    this.instance = instance;
    this.customer = customer;
    this.storage = storage;
    this.keys = keys;
    this.keyMaterial = keyMaterial;
    this.ids = ids;
    this.clock = clock;
    this.listener = listener;
    this.writer = new JournalWriter(storage, clock, random, listener);
  }

  /**
   * Reads the past and fences every earlier owner; then finishes what the last one left behind. A
   * {@link #checkpoint} can wait until there is time for it.
   *
   * @param generation raised by the operator after tables were restored from a backup; from 0
   * @throws EpochPassedException if an owner of a later epoch has been here
   */
  public void open(String worker, long epoch, long generation) throws InterruptedException {
    boolean opened = false;
    while (!opened) {
      boolean complete = recover();
      if (state.epoch() > epoch) {
        throw new EpochPassedException(state.epoch());
      }
      long first = generation * GENERATION_SIZE;
      boolean restored = state.after(last) < first;
      Step step = begin();
      step.add(new Fact.Opened(worker, epoch));
      if (!complete || restored) {
        step.add(new Fact.RatchetsDropped(restored ? first - 1 : 0));
      }
      opened = tryOpen(step);
    }
    listener.opened(state);
    project();
  }

  private boolean tryOpen(Step step) throws InterruptedException {
    try {
      append(step);
      return true;
    } catch (FencedException someoneElseOpened) {
      return false;
    }
  }

  /**
   * Folds checkpoint and tail anew.
   *
   * @return false if entries are missing between the two
   */
  private boolean recover() throws InterruptedException {
    Optional<Checkpoint> checkpoint = answered(storage::checkpoint);
    List<Entry> tail = tailAfter(checkpoint);
    if (isGap(checkpoint, tail)) {
      // A newer checkpoint may have come, and its entries gone, between the two reads.
      checkpoint = answered(storage::checkpoint);
      tail = tailAfter(checkpoint);
    }
    forget();
    checkpoint.ifPresent(
        found -> {
          state = FactJson.readState(found.state());
          last = found.upto();
          checkpointed = found.upto();
        });
    List<List<Fact>> facts = tail.stream().map(entry -> FactJson.read(entry.facts())).toList();
    for (int i = 0; i < tail.size(); i++) {
      take(tail.get(i), facts.get(i));
    }
    if (!unsealTail(tail)) {
      throw new FencedException(); // whoever has ended the pairing meanwhile has written so
    }
    return !isGap(checkpoint, tail);
  }

  private List<Entry> tailAfter(Optional<Checkpoint> checkpoint) throws InterruptedException {
    long upto = checkpoint.map(Checkpoint::upto).orElse(0L);
    return answered(() -> storage.readAfter(upto));
  }

  private static boolean isGap(Optional<Checkpoint> checkpoint, List<Entry> tail) {
    SessionState fold =
        checkpoint.map(found -> FactJson.readState(found.state())).orElseGet(SessionState::new);
    long last = checkpoint.map(Checkpoint::upto).orElse(0L);
    for (Entry entry : tail) {
      List<Fact> facts = FactJson.read(entry.facts());
      boolean dropsRatchets = facts.stream().anyMatch(Fact.RatchetsDropped.class::isInstance);
      if (entry.seq() != fold.after(last) && !dropsRatchets) {
        return true;
      }
      last = entry.seq();
      facts.forEach(fact -> fold.apply(entry.seq(), fact));
    }
    return false;
  }

  private void forget() {
    state = new SessionState();
    last = 0;
    checkpointed = 0;
    key = null;
    records.clear();
    stanzas.clear();
    rows.drain();
    toWipe.clear();
  }

  private void take(Entry entry, List<Fact> facts) {
    for (Fact fact : facts) {
      state.apply(entry.seq(), fact);
      if (fact instanceof Fact.PairingEnded(PairingId over)) {
        toWipe.add(over);
      }
    }
    state.count(entry.events().size());
    last = entry.seq();
    rows.add(entry, facts, state);
  }

  /**
   * Opens what the tail has sealed. What earlier pairings have sealed is skipped: their keys are
   * gone, or will be.
   *
   * @return false if the key of the pairing is gone
   */
  private boolean unsealTail(List<Entry> tail) throws InterruptedException {
    Optional<PairingId> pairing = state.pairing();
    if (pairing.isEmpty()) {
      return true;
    }
    String partition = AuthState.partition(instance, pairing.get());
    Optional<byte[]> wrapped = answered(() -> storage.key(pairing.get()));
    if (wrapped.isEmpty()) {
      return false;
    }
    byte[] material = answered(() -> keys.unwrap(partition, wrapped.get()));
    DataKey opened = new DataKey(material, keyMaterial);
    key = opened;
    for (Entry entry : tail) {
      SdkBytes sealed = entry.sealed();
      if (sealed != null && pairing.get().value().equals(entry.pairing())) {
        keep(entry.seq(), unseal(opened, partition, entry.seq(), sealed));
      }
    }
    return true;
  }

  private static SealedPartCodec.Contents unseal(
      DataKey key, String partition, long seq, SdkBytes sealed) {
    return SealedPartCodec.read(key.open(entryPlace(partition, seq), sealed.asByteArray()));
  }

  private void keep(long seq, SealedPartCodec.Contents contents) {
    contents.records().forEach((name, value) -> records.put(name, new Cached(value, seq, true)));
    for (int i = 0; i < contents.stanzas().size(); i++) {
      stanzas.put(new Place(seq, i), contents.stanzas().get(i));
    }
  }

  /** An entry to be. */
  public Step begin() {
    return new Step(this);
  }

  /**
   * Appends a step: from here on it has happened. The rows that follow from it are written by
   * {@link #project}, after what must not wait for them.
   *
   * @throws FencedException if another owner has written at its place
   * @throws OutcomeUnknownException if nobody said whether it is in
   */
  public void append(Step step) throws InterruptedException {
    long seq = state.after(last);
    Instant now = clock.now();
    beginPairing(step);
    SealedPartCodec.Contents contents = step.contents();
    Entry entry =
        new Entry(
            instance,
            seq,
            ids.ulid(),
            customer,
            now,
            contents.isEmpty() ? null : requirePairing(step).value(),
            events(step, seq, now),
            FactJson.write(step.facts()),
            contents.isEmpty() ? null : seal(step, seq, contents));
    writer.put(entry);
    take(entry, step.facts());
    if (state.pairing().isEmpty()) {
      key = null;
      records.clear();
      stanzas.clear();
    } else {
      keep(seq, contents);
    }
    dropSettledStanzas();
    listener.appended(step.facts(), step.announcements());
  }

  /**
   * Sees to it that nobody has written since: for what would disturb him and is no entry, such as a
   * login.
   *
   * @throws FencedException if another owner has
   */
  public void requireLast() throws InterruptedException {
    long next = state.after(last);
    if (answered(() -> storage.find(next)).isPresent()) {
      throw new FencedException();
    }
  }

  /**
   * Voids every Signal session and sender key: what they have sent since is not known.
   *
   * @param behind the newest entry that is known to be missing
   * @throws FencedException if it is only this owner who does not know it
   */
  public void dropRatchets(long behind) throws InterruptedException {
    Step step = begin();
    step.add(new Fact.RatchetsDropped(behind));
    append(step);
    project();
  }

  /** The key's row is in before the entry that begins the pairing is. */
  private void beginPairing(Step step) throws InterruptedException {
    for (Fact fact : step.facts()) {
      if (fact instanceof Fact.Paired paired) {
        byte[] material = new byte[DataKey.BYTES];
        keyMaterial.nextBytes(material);
        String partition = AuthState.partition(instance, paired.pairing());
        byte[] wrapped = answered(() -> keys.wrap(partition, material));
        untilDone(() -> storage.begin(paired.pairing(), wrapped));
        key = new DataKey(material, keyMaterial);
        records.clear();
        stanzas.clear();
      }
    }
  }

  /** The pairing that seals a step: the one that it begins, or the one that is. */
  private PairingId requirePairing(Step step) {
    return step.facts().stream()
        .filter(Fact.Paired.class::isInstance)
        .map(fact -> ((Fact.Paired) fact).pairing())
        .findFirst()
        .or(state::pairing)
        .orElseThrow(() -> new IllegalStateException("records belong to a pairing"));
  }

  private SdkBytes seal(Step step, long seq, SealedPartCodec.Contents contents) {
    String partition = AuthState.partition(instance, requirePairing(step));
    return SdkBytes.fromByteArray(
        requireKey().seal(entryPlace(partition, seq), SealedPartCodec.write(contents)));
  }

  private List<String> events(Step step, long seq, Instant now) {
    List<String> events = new ArrayList<>();
    for (Announcement announcement : step.announcements()) {
      events.add(
          EventJson.write(
              new Event(
                  EventId.of(instance, seq, events.size()),
                  announcement.type(),
                  now,
                  instance,
                  customer,
                  state.sequence() + events.size() + 1,
                  announcement.data())));
    }
    return events;
  }

  private void dropSettledStanzas() {
    Set<Place> needed = new LinkedHashSet<>();
    state.unsettled().forEach(sent -> needed.add(new Place(sent.seq(), sent.stanza())));
    state.unackedAnswers().forEach(answer -> needed.add(new Place(answer.seq(), answer.stanza())));
    stanzas.keySet().retainAll(needed);
  }

  /**
   * Writes what follows from the entries so far, until it is acknowledged: wipes and rows. What a
   * brown-out makes slow waits here, and sends nothing.
   */
  public void project() throws InterruptedException {
    for (PairingId over : List.copyOf(toWipe)) {
      untilDone(() -> storage.wipe(over));
      toWipe.remove(over);
    }
    for (Consumer<SessionStorage> write : rows.drain()) {
      untilDone(() -> write.accept(storage));
    }
  }

  /** Whether so many entries have come since the last checkpoint that it is time for one. */
  public boolean isCheckpointDue() {
    return last - checkpointed >= CHECKPOINT_EVERY;
  }

  /** Whether anything has come since the last checkpoint. */
  public boolean hasTail() {
    return last > checkpointed;
  }

  /**
   * Writes down all that recovery would have to read the entries for, and lets go of the records
   * that were only kept for that.
   */
  public void checkpoint() throws InterruptedException {
    long begun = clock.nanos();
    project();
    for (Map.Entry<String, Cached> changed : List.copyOf(records.entrySet())) {
      if (changed.getValue().dirty()) {
        write(changed.getKey(), changed.getValue());
      }
    }
    Checkpoint checkpoint = new Checkpoint(instance, last, FactJson.write(state));
    untilDone(() -> storage.put(checkpoint));
    checkpointed = last;
    listener.checkpointed(checkpoint.state().length(), Duration.ofNanos(clock.nanos() - begun));
  }

  /** Lets go of the records that storage has. */
  public void releaseRecords() {
    records.values().removeIf(record -> !record.dirty());
  }

  private void write(String name, Cached record) throws InterruptedException {
    PairingId pairing = state.pairing().orElseThrow();
    String partition = AuthState.partition(instance, pairing);
    SdkBytes sealed =
        record
            .value()
            .map(
                value ->
                    SdkBytes.fromByteArray(
                        requireKey().seal(recordPlace(partition, name), value.toByteArray())))
            .orElse(null);
    untilDone(() -> storage.put(pairing, name, record.seq(), sealed));
    records.put(name, new Cached(record.value(), record.seq(), false));
  }

  /**
   * A record as the last entry left it.
   *
   * @throws RatchetsBehindException if it is newer than that, and no drop has followed it
   */
  Optional<ByteString> record(String name) {
    Cached cached = records.get(name);
    if (cached == null) {
      cached = load(name);
      records.put(name, cached);
    }
    boolean isVoid = isRatchet(name) && cached.seq() < state.ratchetsFrom();
    return isVoid ? Optional.empty() : cached.value();
  }

  private Cached load(String name) {
    Optional<PairingId> pairing = state.pairing();
    if (pairing.isEmpty()) {
      return new Cached(Optional.empty(), 0, false);
    }
    Optional<StoredRecord> stored = uninterruptibly(() -> storage.record(pairing.get(), name));
    if (stored.isEmpty()) {
      return new Cached(Optional.empty(), 0, false);
    }
    if (stored.get().seq() >= state.after(last)) {
      throw new RatchetsBehindException(stored.get().seq());
    }
    SdkBytes sealed = stored.get().sealed();
    if (sealed == null) {
      return new Cached(Optional.empty(), stored.get().seq(), false);
    }
    String place = recordPlace(AuthState.partition(instance, pairing.get()), name);
    byte[] value = requireKey().open(place, sealed.asByteArray());
    return new Cached(Optional.of(ByteString.copyFrom(value)), stored.get().seq(), false);
  }

  private static boolean isRatchet(String name) {
    return name.startsWith(SESSION_RECORD) || name.startsWith(SENDER_KEY_RECORD);
  }

  /** The bytes of a stanza that waits for its outcome; empty if its entry has expired. */
  public Optional<byte[]> stanza(long seq, int index) throws InterruptedException {
    Place place = new Place(seq, index);
    if (!stanzas.containsKey(place)) {
      readStanzas(seq);
    }
    return Optional.ofNullable(stanzas.get(place)).map(ByteString::toByteArray);
  }

  private void readStanzas(long seq) throws InterruptedException {
    Optional<Entry> entry = answered(() -> storage.find(seq));
    Optional<PairingId> pairing = state.pairing();
    if (entry.isEmpty() || pairing.isEmpty()) {
      return;
    }
    SdkBytes sealed = entry.get().sealed();
    if (sealed != null && pairing.get().value().equals(entry.get().pairing())) {
      String partition = AuthState.partition(instance, pairing.get());
      List<ByteString> found = unseal(requireKey(), partition, seq, sealed).stanzas();
      for (int i = 0; i < found.size(); i++) {
        stanzas.put(new Place(seq, i), found.get(i));
      }
    }
  }

  /** The fold of all entries so far. */
  public SessionState state() {
    return state;
  }

  /** Makes a call until it is answered. */
  public <T> T answered(Supplier<T> call) throws InterruptedException {
    return writer.untilAnswered(call);
  }

  private void untilDone(Runnable call) throws InterruptedException {
    answered(
        () -> {
          call.run();
          return true;
        });
  }

  /** Records are read from within libraries that know no interruption. */
  private <T> T uninterruptibly(Supplier<T> call) {
    try {
      return writer.untilAnswered(call);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SessionEndedException(e);
    }
  }

  private DataKey requireKey() {
    DataKey found = key;
    if (found == null) {
      throw new IllegalStateException("no pairing, no key");
    }
    return found;
  }

  private static String entryPlace(String partition, long seq) {
    return partition + "/entry/" + seq;
  }

  private static String recordPlace(String partition, String name) {
    return partition + "/record/" + name;
  }
}
