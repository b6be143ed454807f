package dev.heliograph.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.f4b6a3.ulid.Ulid;
import dev.heliograph.account.CustomerId;
import dev.heliograph.authstate.PairingId;
import dev.heliograph.authstate.StoredRecord;
import dev.heliograph.event.EventData;
import dev.heliograph.event.EventType;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.instance.Metadata;
import dev.heliograph.journal.Checkpoint;
import dev.heliograph.journal.Entry;
import dev.heliograph.journal.EpochPassedException;
import dev.heliograph.journal.Fact;
import dev.heliograph.journal.FencedException;
import dev.heliograph.journal.JournalReading;
import dev.heliograph.journal.LogListener;
import dev.heliograph.journal.OutcomeUnknownException;
import dev.heliograph.journal.RatchetsBehindException;
import dev.heliograph.journal.SessionClock;
import dev.heliograph.journal.SessionLog;
import dev.heliograph.journal.SessionStorage;
import dev.heliograph.journal.Step;
import dev.heliograph.journal.UnreadableJournalException;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageId;
import dev.heliograph.table.ThrottledException;
import dev.heliograph.table.UnansweredException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A session's log where the simulations seldom or never come: gaps, generations, throttling. */
class SessionLogTest {
  private static final InstanceId INSTANCE = new InstanceId("inst_01JZZZZZZZZZZZZZZZZZZZZZZZ");
  private static final CustomerId CUSTOMER = new CustomerId("cust_01JZZZZZZZZZZZZZZZZZZZZZZZ");
  private static final MessageId MESSAGE = MessageId.outbound(INSTANCE, "OUT");
  private static final long GENERATION = 1_000_000_000_000L;

  private final InMemoryStorage tables = new InMemoryStorage();
  private final MovedClock clock = new MovedClock();
  private long drawn;

  /** Pauses take no time but are remembered, and move the clock. */
  private static final class MovedClock implements SessionClock {
    private final List<Duration> pauses = new ArrayList<>();
    private long nanos;

    @Override
    public Instant now() {
      return SimClock.BEGINNING.plusNanos(nanos);
    }

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public void pause(Duration duration) {
      pauses.add(duration);
      nanos += duration.toNanos();
    }
  }

  @BeforeEach
  void createInstance() {
    tables.create(
        Instance.created(INSTANCE, CUSTOMER, "name", Metadata.EMPTY, 0, SimClock.BEGINNING));
  }

  private SessionLog log(SessionStorage storage) {
    SplittableRandom random = new SplittableRandom(1);
    return new SessionLog(
        INSTANCE,
        CUSTOMER,
        storage,
        new PlainKeys(),
        new SeededSecureRandom(random),
        this::ulid,
        clock,
        random,
        LogListener.NONE);
  }

  private String ulid() {
    return new Ulid(1, ++drawn).toString();
  }

  private SessionLog opened(long epoch) throws InterruptedException {
    SessionLog log = log(tables);
    log.open("worker", epoch, 0);
    return log;
  }

  /** What a newer version has appended that this one knows nothing of. */
  private Entry fromTheFuture(long seq) {
    return new Entry(
        INSTANCE,
        seq,
        ulid(),
        CUSTOMER,
        clock.now(),
        null,
        List.of(),
        "[{\"flew_to_the_moon\":{}}]",
        null);
  }

  @Test
  void whatANewerVersionHasWrittenIsLeftToItUntouched() throws InterruptedException {
    SessionLog before = opened(1);
    before.checkpoint();
    append(before, new Fact.WishUsed(3));
    long last = tables.readAfter(0).getLast().seq();
    Entry newer = fromTheFuture(last + 1);
    assertThat(tables.put(newer)).isEmpty();
    Optional<Checkpoint> checkpoint = tables.checkpoint();

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> log(tables).open("older", 2, 0))
          .isInstanceOf(UnreadableJournalException.class);
      assertThat(tables.readAfter(0)).last().isEqualTo(newer);
      assertThat(tables.checkpoint()).isEqualTo(checkpoint);
    }

    // The newer version has gone on and folded it in: what it says can be read again.
    String state = checkpoint.orElseThrow().state();
    tables.put(new Checkpoint(INSTANCE, last + 1, state));
    SessionLog after = log(tables);
    after.open("older", 2, 0);
    assertThat(after.state().epoch()).isEqualTo(2);
  }

  @Test
  void aCheckpointOfANewerFormatIsNotOverwritten() throws InterruptedException {
    opened(1);
    Checkpoint newer = new Checkpoint(INSTANCE, 5, "{\"epoch\":1,\"format\":99}");
    tables.put(newer);

    assertThatThrownBy(() -> log(tables).open("older", 2, 0))
        .isInstanceOf(UnreadableJournalException.class);
    assertThat(tables.checkpoint()).contains(newer);
  }

  private static void append(SessionLog log, Fact... facts) throws InterruptedException {
    Step step = log.begin();
    List.of(facts).forEach(step::add);
    log.append(step);
  }

  private PairingId pair(SessionLog log) throws InterruptedException {
    PairingId pairing = PairingId.draw(this::ulid);
    Step step = log.begin();
    step.add(new Fact.Paired(pairing, "4915100000000", "1@lid"));
    step.put("creds", new byte[] {1});
    step.put("session#1", new byte[] {1});
    step.put("sender-key#1", new byte[] {1});
    log.append(step);
    log.project();
    return pairing;
  }

  private static void advance(SessionLog log, int to) throws InterruptedException {
    Step step = log.begin();
    step.put("session#1", new byte[] {(byte) to});
    log.append(step);
  }

  private List<String> journal() {
    return tables.readAfter(0).stream().map(JournalReading::describe).toList();
  }

  @Test
  void theFirstOpeningBeginsTheJournal() throws InterruptedException {
    SessionLog log = opened(1);

    assertThat(journal()).containsExactly("1 [Opened]");
    assertThat(log.state().epoch()).isEqualTo(1);
    assertThat(tables.checkpoint()).isEmpty();
    assertThat(log.hasTail()).isTrue();
  }

  @Test
  void aCheckpointLeavesNoTail() throws InterruptedException {
    SessionLog log = opened(1);

    log.checkpoint();

    assertThat(tables.checkpoint()).map(Checkpoint::upto).contains(1L);
    assertThat(log.hasTail()).isFalse();
  }

  @Test
  void whoOpensHasWhatTheOwnerBeforeHadAndFencesIt() throws InterruptedException {
    SessionLog before = opened(1);
    pair(before);
    advance(before, 7);

    SessionLog after = opened(2);

    assertThat(after.begin().find("session#1")).containsExactly(7);
    assertThat(after.begin().find("creds")).containsExactly(1);
    assertThat(JournalReading.json(after.state())).contains("\"epoch\":2");
    assertThatThrownBy(() -> append(before, new Fact.PairingConfirmed()))
        .isInstanceOf(FencedException.class);
  }

  @Test
  void aJournalOfALaterEpochIsNotOpened() throws InterruptedException {
    opened(5);

    assertThatThrownBy(() -> opened(4))
        .isInstanceOfSatisfying(
            EpochPassedException.class, passed -> assertThat(passed.met()).isEqualTo(5));
    assertThat(journal()).containsExactly("1 [Opened]");
  }

  @Test
  void theEpochIsInTheCheckpointTooWhenEntriesHaveExpired() throws InterruptedException {
    opened(5).checkpoint();
    tables.expire(1);

    assertThatThrownBy(() -> opened(4)).isInstanceOf(EpochPassedException.class);
  }

  @Test
  void aStepThatIsDroppedHasChangedNothing() throws InterruptedException {
    SessionLog log = opened(1);
    pair(log);
    Step dropped = log.begin();
    dropped.put("session#1", new byte[] {9});
    dropped.remove("creds");
    assertThat(dropped.find("session#1")).containsExactly(9);
    assertThat(dropped.find("creds")).isNull();

    assertThat(log.begin().find("session#1")).containsExactly(1);
    assertThat(log.begin().find("creds")).containsExactly(1);
  }

  @Test
  void entriesThatAreMissingBehindTheCheckpointDropTheRatchetsAndNothingElse()
      throws InterruptedException {
    SessionLog before = opened(1);
    pair(before);
    before.checkpoint();
    advance(before, 7);
    advance(before, 8);
    tables.expire(3);

    SessionLog after = opened(2);

    assertThat(journal()).endsWith("5 [Opened, RatchetsDropped]");
    assertThat(after.begin().find("session#1")).isNull();
    assertThat(after.begin().find("sender-key#1")).isNull();
    assertThat(after.begin().find("creds")).containsExactly(1);
  }

  @Test
  void whatWasDroppedStaysDroppedAndWhatBeginsAnewCounts() throws InterruptedException {
    SessionLog before = opened(1);
    pair(before);
    before.checkpoint();
    advance(before, 7);
    advance(before, 8);
    tables.expire(3);
    SessionLog after = opened(2);
    advance(after, 1);
    after.checkpoint();
    after.releaseRecords();

    assertThat(after.begin().find("session#1")).containsExactly(1);
    assertThat(after.begin().find("sender-key#1")).isNull();
    SessionLog later = opened(3);
    assertThat(later.begin().find("session#1")).containsExactly(1);
    assertThat(later.begin().find("sender-key#1")).isNull();
    assertThat(journal()).endsWith("7 [Opened]");
  }

  @Test
  void aGapThatOnlyARacingCheckpointMadeIsNone() throws InterruptedException {
    SessionLog before = opened(1);
    pair(before);
    before.checkpoint();
    Checkpoint old = tables.checkpoint().orElseThrow();
    advance(before, 7);
    advance(before, 8);
    before.checkpoint();
    tables.expire(3);
    SessionStorage racing =
        new ForwardingStorage(tables) {
          private int reads;

          @Override
          public Optional<Checkpoint> checkpoint() {
            return ++reads == 1 ? Optional.of(old) : super.checkpoint();
          }
        };

    SessionLog after = log(racing);
    after.open("worker", 2, 0);

    assertThat(journal()).endsWith("5 [Opened]");
    assertThat(after.begin().find("session#1")).containsExactly(8);
  }

  @Test
  void aNewGenerationBeginsAtItsPlaceWithoutRatchetsAndIsNoGap() throws InterruptedException {
    SessionLog before = opened(1);
    pair(before);
    SessionLog restored = log(tables);
    restored.open("worker", 2, 1);

    assertThat(journal()).endsWith("3 [Opened, RatchetsDropped]");
    assertThat(restored.begin().find("session#1")).isNull();
    assertThat(restored.begin().find("creds")).containsExactly(1);

    advance(restored, 5);
    SessionLog after = log(tables);
    after.open("worker", 3, 1);
    assertThat(journal()).endsWith((GENERATION + 1) + " [Opened]");
    assertThat(after.begin().find("session#1")).containsExactly(5);
  }

  @Test
  void anOwnerThatDoesNotKnowOfTheNewGenerationIsFencedLikeAnyOther() throws InterruptedException {
    SessionLog before = opened(1);
    pair(before);
    log(tables).open("worker", 2, 1);

    assertThatThrownBy(() -> append(before, new Fact.WishUsed(1)))
        .isInstanceOf(FencedException.class);
    log(tables).open("worker", 3, 0);
    assertThat(journal()).endsWith(GENERATION + " [Opened]");
  }

  @Test
  void aGenerationThatWasOpenedAndNotCheckpointedIsNoGap() throws InterruptedException {
    pair(opened(1));
    log(tables).open("worker", 2, 1);

    log(tables).open("worker", 3, 1);

    assertThat(journal()).endsWith(GENERATION + " [Opened]");
  }

  @Test
  void aRatchetThatIsNewerThanTheJournalIsNoneToGoOnWith() throws InterruptedException {
    SessionLog before = opened(1);
    PairingId pairing = pair(before);
    before.checkpoint();
    StoredRecord now = tables.record(pairing, "session#1").orElseThrow();
    tables.put(pairing, "session#1", 50, now.sealed()); // the journal is from a backup
    SessionLog log = opened(2);

    assertThatThrownBy(() -> log.begin().find("session#1"))
        .isInstanceOfSatisfying(
            RatchetsBehindException.class, behind -> assertThat(behind.seq()).isEqualTo(50));
    log.dropRatchets(50);
    assertThat(log.begin().find("session#1")).isNull();
    assertThat(log.begin().find("creds")).containsExactly(1);

    advance(log, 9);
    log.checkpoint();
    log.releaseRecords();
    assertThat(log.begin().find("session#1")).containsExactly(9);
    SessionLog next = opened(3);
    assertThat(next.begin().find("session#1")).containsExactly(9);
    assertThat(journal()).noneMatch(entry -> entry.matches("5[2-9] .*RatchetsDropped.*"));
  }

  @Test
  void whatWasDroppedIsKnownToTheOwnerAfterAKill() throws InterruptedException {
    SessionLog before = opened(1);
    PairingId pairing = pair(before);
    before.checkpoint();
    StoredRecord now = tables.record(pairing, "session#1").orElseThrow();
    tables.put(pairing, "session#1", 50, now.sealed());

    opened(2).dropRatchets(50); // and dies before it has changed anything
    SessionLog next = opened(3);

    assertThat(journal()).endsWith("51 [Opened]");
    assertThat(next.begin().find("session#1")).isNull();
    advance(next, 9);
    assertThat(opened(4).begin().find("session#1")).containsExactly(9);
  }

  @Test
  void anOwnerThatWasReplacedLearnsItBeforeItLogsIn() throws InterruptedException {
    SessionLog before = opened(1);
    before.requireLast();
    append(before, new Fact.WishUsed(1));
    before.requireLast();

    opened(2).requireLast();

    assertThatThrownBy(before::requireLast).isInstanceOf(FencedException.class);
  }

  @Test
  void anOwnerThatOnlyMissedWhatAnotherOneDidDropsNothing() throws InterruptedException {
    SessionLog zombie = opened(1);
    pair(zombie);
    zombie.checkpoint();
    zombie.releaseRecords();
    SessionLog owner = opened(2);
    advance(owner, 9);
    owner.checkpoint();

    RatchetsBehindException behind =
        catchThrowableOfType(RatchetsBehindException.class, () -> zombie.begin().find("session#1"));

    assertThatThrownBy(() -> zombie.dropRatchets(behind.seq())).isInstanceOf(FencedException.class);
    append(owner, new Fact.WishUsed(1));
    assertThat(opened(3).begin().find("session#1")).containsExactly(9);
  }

  @Test
  void whatAnEndedPairingHasSealedIsSkipped() throws InterruptedException {
    SessionLog before = opened(1);
    PairingId over = pair(before);
    advance(before, 7);
    append(before, new Fact.PairingEnded(over));
    before.project();
    assertThat(tables.key(over)).isEmpty();
    pair(before);

    SessionLog after = opened(2);

    assertThat(after.begin().find("session#1")).containsExactly(1);
  }

  @Test
  void aWipeThatWasNotFinishedIsFinishedByTheNextOwner() throws InterruptedException {
    SessionLog before = opened(1);
    PairingId over = pair(before);
    before.checkpoint();
    append(before, new Fact.PairingEnded(over)); // dies before its projections
    assertThat(tables.key(over)).isPresent();

    opened(2);

    assertThat(tables.key(over)).isEmpty();
    assertThat(tables.records(over)).isEmpty();
  }

  @Test
  void aLateRecordOfAPairingThatIsOverIsReadByNobody() throws InterruptedException {
    SessionLog before = opened(1);
    PairingId over = pair(before);
    before.checkpoint();
    StoredRecord late = tables.record(over, "creds").orElseThrow();
    append(before, new Fact.PairingEnded(over));
    before.project();
    tables.put(over, "creds", late.seq(), late.sealed());

    assertThat(opened(2).begin().find("creds")).isNull();
  }

  @Test
  void rowsThatTheOwnerBeforeHasNotWrittenAreWrittenByTheNext() throws InterruptedException {
    SessionLog before = opened(1);
    append(
        before,
        new Fact.StatusChanged(InstanceStatus.CONNECTING, null, null, SimClock.BEGINNING, null));
    assertThat(tables.instance().orElseThrow().status()).isEqualTo(InstanceStatus.PENDING);

    opened(2);

    assertThat(tables.instance().orElseThrow().status()).isEqualTo(InstanceStatus.CONNECTING);
  }

  @Test
  void theBytesOfWhatIsOnItsWayAreThereUntilItIsSettled() throws InterruptedException {
    SessionLog before = opened(1);
    pair(before);
    Step step = before.begin();
    int place = step.addStanza(new byte[] {1, 2, 3});
    step.add(new Fact.Sending(MESSAGE, "OUT", place, SimClock.BEGINNING));
    before.append(step);
    before.checkpoint();

    SessionLog after = opened(2);
    long seq = after.state().unsettled(MESSAGE).orElseThrow().seq();

    assertThat(after.stanza(seq, place))
        .hasValueSatisfying(bytes -> assertThat(bytes).containsExactly(1, 2, 3));
    append(after, new Fact.Failed(MESSAGE, Message.OUTCOME_UNKNOWN, SimClock.BEGINNING));
    assertThat(after.state().unsettled()).isEmpty();
  }

  @Test
  void bytesThatHaveExpiredAreNotThere() throws InterruptedException {
    SessionLog before = opened(1);
    pair(before);
    Step step = before.begin();
    int place = step.addStanza(new byte[] {1, 2, 3});
    step.add(new Fact.Sending(MESSAGE, "OUT", place, SimClock.BEGINNING));
    before.append(step);
    before.checkpoint();
    tables.expire(3);

    assertThat(opened(2).stanza(3, place)).isEmpty();
  }

  @Test
  void eventsAreNumberedOnAcrossOwners() throws InterruptedException {
    SessionLog before = opened(1);
    announce(before);
    announce(before);
    before.checkpoint();
    tables.expire(2);
    tables.expire(3);

    announce(opened(2));

    assertThat(tables.readAfter(0).getLast().events())
        .singleElement()
        .asString()
        .contains("\"sequence\":3");
  }

  private static void announce(SessionLog log) throws InterruptedException {
    Step step = log.begin();
    step.announce(EventType.INSTANCE_DELETED, new EventData.InstanceDeleted(true));
    log.append(step);
  }

  /** Storage whose entries are put as {@code attempt} says, by the number of the attempt. */
  private SessionStorage attempts(Function<Integer, Optional<RuntimeException>> attempt) {
    return new ForwardingStorage(tables) {
      private int attempts;

      @Override
      public Optional<Entry> put(Entry entry) {
        attempt
            .apply(++attempts)
            .ifPresent(
                failure -> {
                  throw failure;
                });
        return super.put(entry);
      }
    };
  }

  private static ThrottledException throttled() {
    return new ThrottledException(new IllegalStateException());
  }

  private static UnansweredException unanswered() {
    return new UnansweredException(new IllegalStateException());
  }

  @Test
  void aThrottledEntryIsPutAgainForAsLongAsItTakes() throws InterruptedException {
    SessionLog log = log(attempts(n -> n < 30 ? Optional.of(throttled()) : Optional.empty()));

    log.open("worker", 1, 0);

    assertThat(journal()).containsExactly("1 [Opened]");
    assertThat(clock.pauses).hasSize(29).allMatch(pause -> pause.compareTo(Duration.ZERO) > 0);
    assertThat(Duration.ofNanos(clock.nanos)).isGreaterThan(Duration.ofSeconds(4));
  }

  @Test
  void anEntryThatIsInWithoutAnAnswerIsFoundToBeOnesOwn() throws InterruptedException {
    SessionLog log = log(new LosingAnswers(1));

    log.open("worker", 1, 0);

    assertThat(journal()).containsExactly("1 [Opened]");
  }

  @Test
  void afterTwoSecondsOfDoubtTheLogGivesItselfUp() {
    SessionLog log = log(attempts(n -> Optional.of(unanswered())));

    assertThatThrownBy(() -> log.open("worker", 1, 0)).isInstanceOf(OutcomeUnknownException.class);
    assertThat(Duration.ofNanos(clock.nanos))
        .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(4));
  }

  @Test
  void aDoubtDoesNotEndByBeingThrottled() {
    SessionLog log = log(attempts(n -> Optional.of(n == 1 ? unanswered() : throttled())));

    assertThatThrownBy(() -> log.open("worker", 1, 0)).isInstanceOf(OutcomeUnknownException.class);
  }

  @Test
  void anEntryInDoubtThatSomeoneElseHasPrecededIsRefused() throws InterruptedException {
    SessionLog first = opened(1);
    SessionLog log =
        log(
            attempts(
                n -> {
                  if (n == 1) {
                    return Optional.of(unanswered());
                  }
                  return Optional.empty();
                }));
    log.open("worker", 2, 0);

    assertThatThrownBy(() -> append(first, new Fact.PairingConfirmed()))
        .isInstanceOf(FencedException.class);
    assertThat(journal()).containsExactly("1 [Opened]", "2 [Opened]");
  }

  /** Puts entries, and loses so many answers. */
  private final class LosingAnswers extends ForwardingStorage {
    private int left;

    LosingAnswers(int answers) {
      super(tables);
      left = answers;
    }

    @Override
    public Optional<Entry> put(Entry entry) {
      Optional<Entry> answer = super.put(entry);
      if (left-- > 0) {
        throw unanswered();
      }
      return answer;
    }
  }
}
