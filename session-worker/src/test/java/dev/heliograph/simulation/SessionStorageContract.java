package dev.heliograph.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.account.CustomerId;
import dev.heliograph.authstate.PairingId;
import dev.heliograph.authstate.StoredRecord;
import dev.heliograph.event.EventId;
import dev.heliograph.instance.Desired;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.instance.Metadata;
import dev.heliograph.instance.PhoneNumber;
import dev.heliograph.instance.QrCode;
import dev.heliograph.instance.StatusProjection;
import dev.heliograph.instance.StatusReason;
import dev.heliograph.journal.Checkpoint;
import dev.heliograph.journal.Entry;
import dev.heliograph.journal.SessionStorage;
import dev.heliograph.message.InboundRow;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageBody;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageProjection;
import dev.heliograph.message.MessageStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;

/** What a session may expect of its storage: of DynamoDB, and of what stands for it. */
abstract class SessionStorageContract {
  /** Of today: DynamoDB's own clock lets items expire. */
  final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);

  static final InstanceId INSTANCE = new InstanceId("inst_01JZZZZZZZZZZZZZZZZZZZZZZZ");

  private static final CustomerId CUSTOMER = new CustomerId("cust_01JZZZZZZZZZZZZZZZZZZZZZZZ");
  private static final PairingId PAIRING = new PairingId("01JZZZZZZZZZZZZZZZZZZZZZZA");
  private static final PairingId OTHER_PAIRING = new PairingId("01JZZZZZZZZZZZZZZZZZZZZZZB");
  private static final MessageId IN = MessageId.inbound(INSTANCE, "1@lid", "1@lid", "IN");

  private SessionStorage storage;

  /** Empty, of {@link #INSTANCE}. */
  abstract SessionStorage storage();

  abstract void create(Instance instance);

  abstract void wish(Desired desired);

  abstract void accept(Message message);

  @BeforeEach
  void openStorage() {
    storage = storage();
  }

  private Entry entry(long seq, String id) {
    return new Entry(
        INSTANCE,
        seq,
        id,
        CUSTOMER,
        now,
        PAIRING.value(),
        List.of("{\"id\":\"evt\"}"),
        "[]",
        SdkBytes.fromUtf8String("sealed"));
  }

  private static SdkBytes bytes(String text) {
    return SdkBytes.fromUtf8String(text);
  }

  @Test
  void anEntryIsPutWhereNothingIs() {
    assertThat(storage.put(entry(1, "one"))).isEmpty();

    assertThat(storage.find(1)).contains(entry(1, "one"));
  }

  @Test
  void aSecondEntryAtAPlaceIsRefusedAndToldWhatIsThere() {
    storage.put(entry(1, "one"));

    assertThat(storage.put(entry(1, "other"))).contains(entry(1, "one"));

    assertThat(storage.find(1)).contains(entry(1, "one"));
  }

  @Test
  void anEntryWithoutSealedPartAndEventsComesBackAsItWas() {
    Entry bare = new Entry(INSTANCE, 1, "one", CUSTOMER, now, null, List.of(), "[]", null);
    storage.put(bare);

    assertThat(storage.find(1)).contains(bare);
  }

  @Test
  void theTailIsReadInOrderAndWithoutTheCheckpoint() {
    for (long seq : List.of(10L, 2L, 9L, 1L)) {
      storage.put(entry(seq, "at " + seq));
    }
    storage.put(new Checkpoint(INSTANCE, 1, "{}"));

    assertThat(storage.readAfter(0)).extracting(Entry::seq).containsExactly(1L, 2L, 9L, 10L);
    assertThat(storage.readAfter(2)).extracting(Entry::seq).containsExactly(9L, 10L);
    assertThat(storage.readAfter(10)).isEmpty();
  }

  @Test
  void anOlderCheckpointGivesWayAndNeverComesBack() {
    assertThat(storage.checkpoint()).isEmpty();

    storage.put(new Checkpoint(INSTANCE, 5, "five"));
    storage.put(new Checkpoint(INSTANCE, 7, "seven"));
    storage.put(new Checkpoint(INSTANCE, 7, "seven again"));
    storage.put(new Checkpoint(INSTANCE, 6, "six"));

    assertThat(storage.checkpoint()).contains(new Checkpoint(INSTANCE, 7, "seven"));
  }

  @Test
  void aRecordIsReplacedByANewerOneOnly() {
    assertThat(storage.record(PAIRING, "creds")).isEmpty();

    storage.put(PAIRING, "creds", 5, bytes("five"));
    storage.put(PAIRING, "creds", 5, bytes("five again"));
    storage.put(PAIRING, "creds", 4, bytes("four"));

    assertThat(storage.record(PAIRING, "creds")).contains(new StoredRecord(5, bytes("five")));
    assertThat(storage.record(OTHER_PAIRING, "creds")).isEmpty();
  }

  @Test
  void aRemovedRecordIsRememberedSoThatALateWriterCannotBringItBack() {
    storage.put(PAIRING, "session#1", 5, bytes("five"));
    storage.put(PAIRING, "session#1", 7, null);
    storage.put(PAIRING, "session#1", 6, bytes("six"));

    assertThat(storage.record(PAIRING, "session#1")).contains(new StoredRecord(7, null));

    storage.put(PAIRING, "session#1", 8, bytes("eight"));

    assertThat(storage.record(PAIRING, "session#1")).contains(new StoredRecord(8, bytes("eight")));
  }

  @Test
  void aPairingHasTheKeyThatItBeganWith() {
    assertThat(storage.key(PAIRING)).isEmpty();

    storage.begin(PAIRING, new byte[] {1});
    storage.begin(PAIRING, new byte[] {2});

    assertThat(storage.key(PAIRING)).hasValueSatisfying(key -> assertThat(key).containsExactly(1));
  }

  @Test
  void aWipeLeavesNeitherKeyNorRecordsAndTouchesNoOtherPairing() {
    storage.begin(PAIRING, new byte[] {1});
    storage.put(PAIRING, "creds", 5, bytes("five"));
    storage.put(PAIRING, "prekeys#1", 5, bytes("five"));
    storage.begin(OTHER_PAIRING, new byte[] {2});
    storage.put(OTHER_PAIRING, "creds", 6, bytes("six"));

    storage.wipe(PAIRING);
    storage.wipe(PAIRING);

    assertThat(storage.key(PAIRING)).isEmpty();
    assertThat(storage.record(PAIRING, "creds")).isEmpty();
    assertThat(storage.record(PAIRING, "prekeys#1")).isEmpty();
    assertThat(storage.key(OTHER_PAIRING)).isPresent();
    assertThat(storage.record(OTHER_PAIRING, "creds")).isPresent();
  }

  @Test
  void aKeyThatComesAfterTheWipeStaysOut() {
    storage.begin(PAIRING, new byte[] {1});
    storage.wipe(PAIRING);

    storage.begin(PAIRING, new byte[] {1});

    assertThat(storage.key(PAIRING)).isEmpty();
  }

  @Test
  void theStatusIsShownAsTheNewestEntryHasIt() {
    create(anInstance());

    storage.project(5, status(InstanceStatus.QR, null));
    storage.project(5, status(InstanceStatus.PENDING, null));
    storage.project(4, status(InstanceStatus.CONNECTING, null));

    Instance row = storage.instance().orElseThrow();
    assertThat(row.status()).isEqualTo(InstanceStatus.QR);
    assertThat(row.qr()).isEqualTo(new QrCode("code", now, 1));
    assertThat(row.pairing()).isEqualTo(PAIRING);
    assertThat(row.phoneNumber()).isEqualTo(new PhoneNumber("4915100000000"));
    assertThat(row.lid()).isEqualTo("1@lid");
    assertThat(row.usedWish()).isEqualTo(3);
    assertThat(row.lastSeenAt()).isEqualTo(now);
    assertThat(row.statusAt()).isEqualTo(now);
    assertThat(row.seq()).isEqualTo(5);
  }

  @Test
  void whatTheStatusHasNoMoreIsGoneFromTheRow() {
    create(anInstance());
    storage.project(5, status(InstanceStatus.QR, null));

    storage.project(
        6,
        new StatusProjection(
            InstanceStatus.FAILED, StatusReason.LOGGED_OUT, null, null, null, 4, null, null, now));

    Instance row = storage.instance().orElseThrow();
    assertThat(row.statusReason()).isEqualTo(StatusReason.LOGGED_OUT);
    assertThat(row.pairing()).isNull();
    assertThat(row.phoneNumber()).isNull();
    assertThat(row.lid()).isNull();
    assertThat(row.qr()).isNull();
  }

  @Test
  void wishAndStatusDoNotTouchEachOther() {
    create(anInstance());
    wish(Desired.RUNNING);
    storage.project(5, status(InstanceStatus.QR, null));
    wish(Desired.STOPPED);

    Instance row = storage.instance().orElseThrow();
    assertThat(row.desired()).isEqualTo(Desired.STOPPED);
    assertThat(row.wish()).isEqualTo(2);
    assertThat(row.status()).isEqualTo(InstanceStatus.QR);
  }

  @Test
  void aRetiredInstanceIsOnNoShardWhateverComesLater() {
    create(anInstance());
    storage.project(5, status(InstanceStatus.QR, null));

    storage.retire(5);
    storage.project(5, status(InstanceStatus.QR, null));

    Instance row = storage.instance().orElseThrow();
    assertThat(row.shard()).isEqualTo(Instance.RETIRED);
    assertThat(row.qr()).isNull();
  }

  @Test
  void noStatusIsWrittenWhereThereIsNoInstance() {
    storage.project(5, status(InstanceStatus.QR, null));

    assertThat(storage.instance()).isEmpty();
  }

  private Instance anInstance() {
    return Instance.created(INSTANCE, CUSTOMER, "name", Metadata.EMPTY, 3, now);
  }

  private StatusProjection status(InstanceStatus status, @Nullable StatusReason reason) {
    return new StatusProjection(
        status,
        reason,
        new PhoneNumber("4915100000000"),
        "1@lid",
        PAIRING,
        3,
        new QrCode("code", now, 1),
        now,
        now);
  }

  @Test
  void aMessageMovesAsTheNewestEntryHasIt() {
    Message queued = queued();
    accept(queued);
    assertThat(storage.message(queued.id())).contains(queued);

    storage.project(queued.id(), 5, moved(MessageStatus.SENT, now, null));
    storage.project(queued.id(), 4, moved(MessageStatus.SENDING, null, null));

    Message row = storage.message(queued.id()).orElseThrow();
    assertThat(row.status()).isEqualTo(MessageStatus.SENT);
    assertThat(row.sentAt()).isEqualTo(now);
    assertThat(row.seq()).isEqualTo(5);
  }

  @Test
  void timesOfAMessageStayAndItsErrorGoesWithTheNextMove() {
    Message queued = queued();
    accept(queued);
    storage.project(queued.id(), 5, moved(MessageStatus.SENT, now, null));
    storage.project(
        queued.id(), 6, new MessageProjection(MessageStatus.FAILED, "why", null, null, null));
    assertThat(storage.message(queued.id()).orElseThrow().error()).isEqualTo("why");

    storage.project(queued.id(), 7, moved(MessageStatus.DELIVERED, null, now.plusSeconds(1)));

    Message row = storage.message(queued.id()).orElseThrow();
    assertThat(row.status()).isEqualTo(MessageStatus.DELIVERED);
    assertThat(row.error()).isNull();
    assertThat(row.sentAt()).isEqualTo(now);
    assertThat(row.deliveredAt()).isEqualTo(now.plusSeconds(1));
  }

  @Test
  void noMessageComesToBeByMoving() {
    storage.project(queued().id(), 5, moved(MessageStatus.SENT, now, null));

    assertThat(storage.message(queued().id())).isEmpty();
    assertThat(storage.has(queued().id())).isFalse();
  }

  private static MessageProjection moved(
      MessageStatus status, @Nullable Instant sentAt, @Nullable Instant deliveredAt) {
    return new MessageProjection(status, null, sentAt, deliveredAt, null);
  }

  private Message queued() {
    return Message.queued(
        INSTANCE,
        CUSTOMER,
        3,
        PAIRING,
        "OUT",
        new PhoneNumber("4915100000001"),
        new MessageBody.Text("text"),
        null,
        now,
        now.plusSeconds(600));
  }

  @Test
  void aReceivedMessageIsKnownAndNoMessageOfOurs() {
    assertThat(storage.has(IN)).isFalse();

    storage.record(new InboundRow(INSTANCE, IN, 5, EventId.of(INSTANCE, 5, 0), now));
    storage.record(new InboundRow(INSTANCE, IN, 5, EventId.of(INSTANCE, 5, 0), now));

    assertThat(storage.has(IN)).isTrue();
    assertThat(storage.message(IN)).isEmpty();
  }
}
