package dev.heliograph.crash;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.authstate.PairingId;
import dev.heliograph.instance.Desired;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.instance.QrCode;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageStatus;
import dev.heliograph.table.LocalDynamoDb;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The owner of a session dies after its first step (a write to a table, or a stanza), the next time
 * after its second, and so on until it gets through; each time somebody else goes on. Then what was
 * said must be what was heard, on both sides, and both must be able to go on.
 */
class CrashAtEveryStepTest {
  private static final Duration SOON = Duration.ofMinutes(1);

  @RegisterExtension final LocalDynamoDb dynamoDb = LocalDynamoDb.withAllTables();
  @TempDir Path folder;

  private Site site;
  private String phone;
  private String friend;
  private InstanceId instance;
  private int texts;
  private final List<String> saidToUs = new ArrayList<>();
  private final List<String> saidByUs = new ArrayList<>();
  private final Set<String> scanned = new HashSet<>();

  @BeforeEach
  void open() throws IOException {
    site = new Site(dynamoDb, folder);
    phone = newPhone("4915100000001");
    friend = newPhone("4915100000002");
    instance = site.create();
  }

  private String newPhone(String number) {
    site.phones().createPhone(number);
    return number;
  }

  @AfterEach
  void close() {
    site.close();
  }

  @Test
  @Tag("slow")
  void nothingIsLostOrDoubledInAConversation() throws Exception {
    pair();

    everyStep(step -> step + 1, this::converse);
  }

  @Test
  void norAtEachSeventhStep() throws Exception {
    pair();

    everyStep(step -> step + 7, this::converse);
  }

  @Test
  @Tag("slow")
  void aPairingComesAboutAndLeavesNoDeviceBehind() throws Exception {
    everyStep(step -> step + 1, this::pairAnew);
  }

  @Test
  @Tag("slow")
  void aLogoutComesToItsEndAndLeavesNoKeyBehind() throws Exception {
    everyStep(step -> step + 1, this::logOut);
  }

  /** Something that an owner does, who may die of it. */
  @FunctionalInterface
  private interface Walk {
    /** Does it; returns whether the owner got through. */
    boolean walk(int dyingAfter) throws Exception;
  }

  private static void everyStep(IntUnaryOperator next, Walk path) throws Exception {
    int step = 1;
    while (!path.walk(step)) {
      step = next.applyAsInt(step);
    }
    assertThat(step).isGreaterThan(5);
  }

  // A conversation: opening, what waits, what is sent, what comes, hand-over

  private boolean converse(int dyingAfter) throws Exception {
    hear();
    Message waiting = say();
    Owner mortal = site.own(instance, dyingAfter);
    mortal.look(List.of(waiting.place()));
    awaitUnlessDead(mortal, () -> isDelivered(waiting) && allIsHeard());
    if (!mortal.isDead()) {
      hear();
      awaitUnlessDead(mortal, this::allIsHeard);
    }
    mortal.release();
    boolean survived = !mortal.isDead();

    Owner next = site.own(instance, 0);
    next.look(List.of(waiting.place()));
    awaitDelivered(waiting);
    talk(next);
    next.release();
    return survived;
  }

  private void hear() {
    String text = "to you " + ++texts;
    saidToUs.add(text);
    site.phones().send(friend, phone, text);
  }

  private Message say() {
    String text = "from me " + ++texts;
    saidByUs.add(text);
    return site.accept(instance, friend, text);
  }

  private boolean allIsHeard() {
    return site.texts(instance).size() == saidToUs.size();
  }

  private boolean isDelivered(Message message) {
    return site.message(message).status() == MessageStatus.DELIVERED;
  }

  private void awaitDelivered(Message message) {
    await().atMost(SOON).until(() -> isDelivered(message));
  }

  private static void awaitUnlessDead(Owner owner, BooleanSupplier done) {
    await().atMost(SOON).until(() -> owner.isDead() || done.getAsBoolean());
  }

  /** One text each way, then both sides know the same, and nobody had to ask again. */
  private void talk(Owner owner) {
    Message message = say();
    owner.look(List.of(message.place()));
    awaitDelivered(message);
    hear();
    await().atMost(SOON).untilAsserted(() -> assertThat(site.texts(instance)).isEqualTo(saidToUs));
    assertThat(textsShownAt(friend)).isEqualTo(saidByUs);
    isSound(device());
  }

  private List<String> textsShownAt(String number) {
    return site.phones().messages(number).stream().map(shown -> shown.getString("text")).toList();
  }

  /** The only device of the phone. */
  private JsonObject device() {
    assertThat(site.phones().devices(phone)).hasSize(1);
    return site.phones().devices(phone).getFirst();
  }

  private static void isSound(JsonObject device) {
    assertThat(device.getJsonArray("defects")).isEmpty();
    assertThat(device.getInteger("retry_receipts_sent")).isZero();
    assertThat(device.getInteger("retry_receipts_received")).isZero();
  }

  // Pairing

  private void pair() throws Exception {
    Owner owner = site.own(instance, 0);
    site.wish(instance, Desired.RUNNING);
    owner.look(List.of());
    await().atMost(SOON).until(() -> helpToPair(owner));
    owner.release();
  }

  /** Does what a customer does who wants the number to be connected; whether it is. */
  private boolean helpToPair(Owner owner) {
    Instance row = site.row(instance);
    QrCode qr = row.qr();
    boolean needsAWish =
        row.status() == InstanceStatus.PENDING || row.status() == InstanceStatus.FAILED;
    if (needsAWish && !row.isStartWished()) {
      site.wish(instance, Desired.RUNNING);
      owner.look(List.of());
    } else if (qr != null && row.status() == InstanceStatus.QR && scanned.add(qr.raw())) {
      scan(qr);
    }
    return row.status() == InstanceStatus.CONNECTED;
  }

  private void scan(QrCode qr) {
    try {
      site.phones().scan(phone, qr.raw());
    } catch (AssertionError outdated) {
      // It has died with its connection: the next owner shows another one.
    }
  }

  private boolean pairAnew(int dyingAfter) throws Exception {
    site.phones()
        .devices(phone)
        .forEach(device -> site.phones().unlink(phone, device.getInteger("device")));
    instance = site.create();
    saidToUs.clear();
    site.wish(instance, Desired.RUNNING);
    Owner mortal = site.own(instance, dyingAfter);
    awaitUnlessDead(mortal, () -> helpToPair(mortal));
    mortal.release();
    boolean survived = !mortal.isDead();

    Owner next = site.own(instance, 0);
    await().atMost(SOON).until(() -> helpToPair(next));
    talk(next);
    next.release();
    return survived;
  }

  // Logout

  private boolean logOut(int dyingAfter) throws Exception {
    pair();
    PairingId pairing = requireNonNull(site.row(instance).pairing());
    assertThat(site.key(instance, pairing)).isPresent();
    site.wish(instance, Desired.LOGGED_OUT);
    Owner mortal = site.own(instance, dyingAfter);
    awaitUnlessDead(mortal, this::isLoggedOut);
    mortal.release();
    boolean survived = !mortal.isDead();

    Owner next = site.own(instance, 0);
    await().atMost(SOON).until(this::isLoggedOut);
    next.release();
    assertThat(site.key(instance, pairing)).isEmpty();
    assertThat(site.phones().devices(phone)).isEmpty();
    return survived;
  }

  private boolean isLoggedOut() {
    Instance row = site.row(instance);
    return row.pairing() == null && row.usedWish() == row.wish();
  }
}
