package dev.heliograph.whatsapp.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.ProtocolException;
import dev.heliograph.whatsapp.auth.Credentials;
import dev.heliograph.whatsapp.proto.StoredSession;
import dev.heliograph.whatsapp.proto.StoredSessions;
import dev.heliograph.whatsapp.signal.Decryption.Decrypted;
import dev.heliograph.whatsapp.signal.Decryption.Duplicate;
import dev.heliograph.whatsapp.signal.Decryption.Reason;
import dev.heliograph.whatsapp.signal.Decryption.Undecryptable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SignalSessionsTest {
  private final Random random = new Random(1);
  private final Device alice = Device.create(Jid.lid("111").withDevice(3), random);
  private final Device bob = Device.create(Jid.lid("222"), random);

  @Test
  void twoDevicesTalk() {
    begin(alice, bob);

    Encrypted first = alice.encrypt(bob, "hello");
    assertThat(first.type()).isEqualTo(CiphertextType.PRE_KEY_MESSAGE);
    assertThat(bob.decrypt(alice, first)).isEqualTo(decrypted("hello"));

    Encrypted reply = bob.encrypt(alice, "hi");
    assertThat(reply.type()).isEqualTo(CiphertextType.MESSAGE);
    assertThat(alice.decrypt(bob, reply)).isEqualTo(decrypted("hi"));

    Encrypted third = alice.encrypt(bob, "how are you?");
    assertThat(third.type()).isEqualTo(CiphertextType.MESSAGE);
    assertThat(bob.decrypt(alice, third)).isEqualTo(decrypted("how are you?"));
  }

  @Test
  void recordsThatCannotBeReadAreNobodysBadKeys() {
    Records behind =
        new Records() {
          @Override
          public byte @Nullable [] find(String name) {
            throw new UncheckedIOException(new IOException());
          }

          @Override
          public void put(String name, byte[] value) {}

          @Override
          public void remove(String name) {}
        };
    SignalSessions sessions = new SignalSessions(Credentials.generate(random), behind, random);
    PreKeyBundle bundle = bob.bundle();

    assertThatThrownBy(() -> sessions.process(Jid.lid("222"), bundle))
        .isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void messagesArriveInAnyOrder() {
    connect();
    List<Encrypted> sent = new ArrayList<>();
    for (int i = 0; i < 30; i++) sent.add(alice.encrypt(bob, "message " + i));
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < 30; i++) order.add(i);
    Collections.shuffle(order, random);

    for (int i : order) {
      assertThat(bob.decrypt(alice, sent.get(i))).isEqualTo(decrypted("message " + i));
    }
  }

  @Test
  void aMessageThatWasReadIsADuplicate() {
    connect();
    Encrypted skipped = alice.encrypt(bob, "skipped");
    Encrypted read = alice.encrypt(bob, "read");
    assertThat(bob.decrypt(alice, read)).isInstanceOf(Decrypted.class);

    assertThat(bob.decrypt(alice, read)).isEqualTo(new Duplicate());

    assertThat(bob.decrypt(alice, skipped)).isEqualTo(decrypted("skipped"));
    assertThat(bob.decrypt(alice, skipped)).isEqualTo(new Duplicate());
  }

  @Test
  void aMessageOfAnEarlierRatchetThatWasReadIsADuplicateStill() {
    connect();
    Encrypted old = alice.encrypt(bob, "old");
    assertThat(bob.decrypt(alice, old)).isInstanceOf(Decrypted.class);
    pingPong(2);

    assertThat(bob.decrypt(alice, old)).isEqualTo(new Duplicate());
  }

  @Test
  void aFirstMessageThatWasReadIsADuplicateThoughItsPreKeyIsGone() {
    begin(alice, bob);
    Encrypted first = alice.encrypt(bob, "hello");
    assertThat(bob.decrypt(alice, first)).isInstanceOf(Decrypted.class);
    assertThat(bob.preKeys().count()).isZero();

    assertThat(bob.decrypt(alice, first)).isEqualTo(new Duplicate());
  }

  @Test
  void aSecondMessageBeforeAnyReplyIsReadOnTheSameSession() {
    begin(alice, bob);
    Encrypted first = alice.encrypt(bob, "1");
    Encrypted second = alice.encrypt(bob, "2");
    assertThat(second.type()).isEqualTo(CiphertextType.PRE_KEY_MESSAGE);

    assertThat(bob.decrypt(alice, second)).isEqualTo(decrypted("2"));
    assertThat(bob.decrypt(alice, first)).isEqualTo(decrypted("1"));
    assertThat(bob.decrypt(alice, second)).isEqualTo(new Duplicate());
  }

  @Test
  void aBundleWithoutAOneTimePreKeyBeginsASessionToo() {
    alice.sessions().process(bob.jid(), bob.bundle(null));

    assertThat(bob.decrypt(alice, alice.encrypt(bob, "hello"))).isEqualTo(decrypted("hello"));
  }

  @Test
  void aMessageWithoutASessionIsUndecryptable() {
    connect();
    Encrypted message = alice.encrypt(bob, "hello");

    assertThat(Device.create(bob.jid(), random).decrypt(alice, message))
        .isEqualTo(new Undecryptable(Reason.NO_SESSION));
  }

  @Test
  void aFirstMessageForAPreKeyThatIsGoneIsUndecryptable() {
    PreKeyBundle bundle = bob.bundle();
    alice.sessions().process(bob.jid(), bundle);
    Device carol = Device.create(Jid.lid("333"), random);
    carol.sessions().process(bob.jid(), bundle);
    assertThat(bob.decrypt(carol, carol.encrypt(bob, "mine"))).isInstanceOf(Decrypted.class);

    assertThat(bob.decrypt(alice, alice.encrypt(bob, "mine")))
        .isEqualTo(new Undecryptable(Reason.UNKNOWN_PRE_KEY));
  }

  @Test
  void aFirstMessageForAnotherSignedPreKeyIsUndecryptable() {
    begin(alice, bob);
    Encrypted first = alice.encrypt(bob, "hello");
    Device other = bob.reinstalled();
    MapRecords withKeys = bob.records().copy();
    Device mixed = new Device(bob.jid(), other.credentials(), withKeys, random);

    // Both have signed pre-key 1, so the keys themselves have to differ in effect.
    assertThat(mixed.decrypt(alice, first)).isEqualTo(new Undecryptable(Reason.NO_STATE_FITS));
  }

  @Test
  void whatDoesNotDecryptChangesNothing() {
    begin(alice, bob);
    Encrypted genuine = alice.encrypt(bob, "hello");
    assertNothingButTheGenuineOneCounts(genuine);
    assertThat(bob.decrypt(alice, genuine)).isEqualTo(decrypted("hello"));
    alice.decrypt(bob, bob.encrypt(alice, "hi"));

    Encrypted later = alice.encrypt(bob, "later");
    assertNothingButTheGenuineOneCounts(later);
    assertThat(bob.decrypt(alice, later)).isEqualTo(decrypted("later"));
  }

  /** Each bit of a message is covered by its MAC, or by what is parsed before that. */
  private void assertNothingButTheGenuineOneCounts(Encrypted genuine) {
    byte[] bytes = genuine.ciphertext().toByteArray();
    for (int bit = 0; bit < 8 * bytes.length; bit += 5) {
      byte[] changed = bytes.clone();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));
      assertChangesNothing(new Encrypted(genuine.type(), ByteString.copyFrom(changed)));
    }
    for (int i = 0; i < 500; i++) {
      byte[] noise = new byte[random.nextInt(120)];
      random.nextBytes(noise);
      if (noise.length > 0) noise[0] = 0x33;
      assertChangesNothing(new Encrypted(genuine.type(), ByteString.copyFrom(noise)));
      assertChangesNothing(
          new Encrypted(
              genuine.type(), genuine.ciphertext().substring(0, random.nextInt(bytes.length))));
    }
  }

  private void assertChangesNothing(Encrypted forged) {
    Map<String, byte[]> before = bob.records().all();

    Decryption result = bob.decrypt(alice, forged);

    // The registration id of a first message is covered by nothing: that one may pass.
    if (result instanceof Decrypted) {
      restore(before);
      return;
    }
    assertThat(bob.records().all()).usingRecursiveComparison().isEqualTo(before);
  }

  private void restore(Map<String, byte[]> before) {
    bob.records().all().keySet().forEach(bob.records()::remove);
    before.forEach(bob.records()::put);
  }

  @Test
  void bothMayBeginAtTheSameTime() {
    for (int run = 0; run < 20; run++) {
      Device one = Device.create(Jid.lid("1").withDevice(1), random);
      Device two = Device.create(Jid.lid("2").withDevice(2), random);
      begin(one, two);
      begin(two, one);
      Encrypted fromOne = one.encrypt(two, "from one");
      Encrypted fromTwo = two.encrypt(one, "from two");

      assertThat(two.decrypt(one, fromOne)).isEqualTo(decrypted("from one"));
      assertThat(one.decrypt(two, fromTwo)).isEqualTo(decrypted("from two"));
      for (int i = 0; i < 4; i++) {
        assertThat(two.decrypt(one, one.encrypt(two, "on " + i))).isEqualTo(decrypted("on " + i));
        assertThat(one.decrypt(two, two.encrypt(one, "and " + i))).isEqualTo(decrypted("and " + i));
      }
    }
  }

  @Test
  void aChainMayBeLongerThanWhatMayBeSkipped() {
    connect();
    for (int i = 0; i < 2_100; i++) {
      assertThat(bob.decrypt(alice, alice.encrypt(bob, "x"))).isInstanceOf(Decrypted.class);
    }

    pingPong(3);
  }

  @Test
  void aDeviceThatWasSetUpAnewIsNoticed() {
    connect();
    Device newAlice = alice.reinstalled();
    begin(newAlice, bob);

    Decryption first = bob.decrypt(newAlice, newAlice.encrypt(bob, "new phone"));

    assertThat(first).isEqualTo(new Decrypted(ByteString.copyFromUtf8("new phone"), true));
    assertThat(bob.sessions().identity(alice.jid()))
        .contains(newAlice.credentials().identityKey().publicKey());
    assertThat(bob.decrypt(newAlice, newAlice.encrypt(bob, "again"))).isEqualTo(decrypted("again"));
    assertThat(bob.decrypt(alice, alice.encrypt(bob, "the old one")))
        .isEqualTo(new Undecryptable(Reason.NO_STATE_FITS));
  }

  @Test
  void aBundleTellsOfANewIdentityToo() {
    connect();

    assertThat(alice.sessions().process(bob.jid(), bob.bundle())).isFalse();
    assertThat(alice.sessions().process(bob.jid(), bob.reinstalled().bundle())).isTrue();
  }

  @Test
  void theIdentityThatPairingToldIsTheOneThatCounts() {
    bob.sessions().trust(alice.jid(), bob.credentials().identityKey().publicKey());
    assertThat(bob.sessions().hasSession(alice.jid())).isFalse();
    begin(alice, bob);

    assertThat(bob.decrypt(alice, alice.encrypt(bob, "x")))
        .isEqualTo(new Decrypted(ByteString.copyFromUtf8("x"), true));
  }

  @Test
  void aBundleWithAForgedSignatureIsNone() {
    PreKeyBundle good = bob.bundle();

    assertThatThrownBy(
            () ->
                new PreKeyBundle(
                    good.registrationId(),
                    alice.credentials().identityKey().publicKey(),
                    good.signedPreKey(),
                    good.signature(),
                    null))
        .isInstanceOf(ProtocolException.class);
  }

  @Test
  void encryptingWithoutASessionIsRefused() {
    assertThatThrownBy(() -> alice.encrypt(bob, "x")).isInstanceOf(NoSessionException.class);
  }

  @Test
  void aNumbersSessionsGoOnUnderItsLid() {
    Jid pn = Jid.pn("5511");
    Device atPn = new Device(pn.withDevice(3), alice.credentials(), alice.records(), random);
    begin(atPn, bob);
    assertThat(bob.decrypt(atPn, atPn.encrypt(bob, "by number"))).isInstanceOf(Decrypted.class);

    bob.sessions().migrate(pn, alice.jid().bare());

    assertThat(bob.sessions().hasSession(atPn.jid())).isFalse();
    assertThat(bob.decrypt(alice, alice.encrypt(bob, "by LID"))).isEqualTo(decrypted("by LID"));
    assertThat(bob.records().all().keySet())
        .contains("session#111_1")
        .doesNotContain("session#5511");
  }

  @Test
  void aSessionUnderTheLidIsNotReplacedByOneUnderTheNumber() {
    connect();
    Jid pn = Jid.pn("5511");
    Device atPn = Device.create(pn.withDevice(3), random);
    begin(atPn, bob);
    bob.decrypt(atPn, atPn.encrypt(bob, "by number"));

    bob.sessions().migrate(pn, alice.jid().bare());

    assertThat(bob.decrypt(alice, alice.encrypt(bob, "still"))).isEqualTo(decrypted("still"));
  }

  @Test
  void sessionsOfTwoAddressesThatBecomeOneStillFitIntoARecord() {
    Jid pn = Jid.pn("5511");
    Jid lid = alice.jid().bare();
    putSessions(pn, 1);
    putSessions(lid, 100);

    bob.sessions().migrate(pn, lid);

    assertThat(bob.records().all()).containsOnlyKeys("session#111_1");
    assertThat(bob.records().find("session#111_1"))
        .hasSizeBetween(DeviceSessions.MOST_BYTES / 2, DeviceSessions.MOST_BYTES);
    assertThat(bob.sessions().identity(lid.withDevice(159))).isPresent();
    assertThat(bob.sessions().identity(lid.withDevice(1))).isEmpty();
  }

  /** As many devices of a user as fit into a record. */
  private void putSessions(Jid user, int first) {
    StoredSessions.Builder sessions = StoredSessions.newBuilder();
    for (int device = first; device < first + 60; device++) {
      sessions.putDevices(
          device,
          StoredSession.newBuilder().setIdentityKey(ByteString.copyFrom(new byte[1600])).build());
    }
    bob.records().put("session#" + user.signalName(), sessions.build().toByteArray());
  }

  @Test
  void aUserThatIsForgottenHasNoSessionsOnAnyDevice() {
    connect();
    Device second = Device.create(alice.jid().withDevice(4), random);
    begin(second, bob);
    bob.decrypt(second, second.encrypt(bob, "x"));

    bob.sessions().forget(alice.jid().bare());
    assertThat(bob.sessions().hasSession(alice.jid())).isFalse();
    assertThat(bob.sessions().hasSession(second.jid())).isFalse();
    assertThat(bob.sessions().identity(alice.jid())).isEmpty();
  }

  @Test
  void aRecordStaysSmallHoweverOftenSessionsBegin() {
    connect();
    for (int i = 0; i < 30; i++) {
      begin(alice, bob);
      assertThat(bob.decrypt(alice, alice.encrypt(bob, "x"))).isInstanceOf(Decrypted.class);
    }

    assertThat(bob.records().all().get("session#111_1")).hasSizeLessThan(6 * 700);
  }

  @Test
  void aRecordStaysSmallHoweverManyMessagesAreMissing() {
    connect();
    for (int session = 0; session < 7; session++) {
      begin(alice, bob);
      for (int chain = 0; chain < 5; chain++) {
        skip(1_500);
        pingPong(1);
      }
    }

    assertThat(bob.records().all().get("session#111_1")).hasSizeLessThan(45_000);
  }

  @Test
  void keysOfTheNewestMissingMessagesAreKept() {
    connect();
    List<Encrypted> late = skip(SkippedKeys.MOST + 1);
    pingPong(1);

    assertThat(bob.decrypt(alice, late.get(1))).isEqualTo(decrypted("skipped"));
    assertThat(bob.decrypt(alice, late.getLast())).isEqualTo(decrypted("skipped"));
  }

  @Test
  void aLateMessageWhoseKeyWasDroppedLooksLikeOneThatWasRead() {
    connect();
    List<Encrypted> late = skip(SkippedKeys.MOST + 1);
    pingPong(1);

    assertThat(bob.decrypt(alice, late.getFirst())).isEqualTo(new Duplicate());
    pingPong(2);
  }

  @Test
  void aRecordStaysSmallHoweverManyDevicesAUserHasHad() {
    connect();
    List<Device> companions = new ArrayList<>();
    for (int number = 4; number < 256; number++) {
      Device companion = Device.create(alice.jid().withDevice(number), random);
      companions.add(companion);
      for (int times = 0; times < 3; times++) {
        begin(companion, bob);
        bob.decrypt(companion, companion.encrypt(bob, "x"));
      }
    }

    assertThat(bob.records().all().get("session#111_1"))
        .hasSizeLessThanOrEqualTo(DeviceSessions.MOST_BYTES);
    assertThat(bob.sessions().hasSession(companions.getFirst().jid())).isFalse();
    assertThat(bob.sessions().hasSession(companions.getLast().jid())).isTrue();
    assertThat(bob.sessions().hasSession(companions.getFirst().jid())).isFalse();
  }

  @Test
  void aLateMessageOfTheSessionBeforeIsReadStill() {
    connect();
    Encrypted late = alice.encrypt(bob, "late");
    begin(alice, bob);
    assertThat(bob.decrypt(alice, alice.encrypt(bob, "new"))).isEqualTo(decrypted("new"));

    assertThat(bob.decrypt(alice, late)).isEqualTo(decrypted("late"));
    assertThat(bob.decrypt(alice, late)).isEqualTo(new Duplicate());
    pingPong(2);
  }

  @Test
  void noneOfItPrintsWhatItHolds() {
    begin(alice, bob);
    Encrypted encrypted = alice.encrypt(bob, "secret");

    assertThat(encrypted.toString()).matches("Encrypted\\[PRE_KEY_MESSAGE, size=\\d+]");
    assertThat(bob.decrypt(alice, encrypted).toString())
        .isEqualTo("Decrypted[size=6, identityChanged=false]");
    assertThat(bob.bundle().toString()).isEqualTo("PreKeyBundle[]");
  }

  private List<Encrypted> skip(int count) {
    List<Encrypted> skipped = new ArrayList<>();
    for (int i = 0; i < count; i++) skipped.add(alice.encrypt(bob, "skipped"));
    return skipped;
  }

  private void connect() {
    begin(alice, bob);
    pingPong(1);
  }

  private void pingPong(int times) {
    for (int i = 0; i < times; i++) {
      assertThat(bob.decrypt(alice, alice.encrypt(bob, "ping"))).isEqualTo(decrypted("ping"));
      assertThat(alice.decrypt(bob, bob.encrypt(alice, "pong"))).isEqualTo(decrypted("pong"));
    }
  }

  private static void begin(Device from, Device with) {
    from.sessions().process(with.jid(), with.bundle());
  }

  private static Decrypted decrypted(String text) {
    return new Decrypted(ByteString.copyFromUtf8(text), false);
  }
}
