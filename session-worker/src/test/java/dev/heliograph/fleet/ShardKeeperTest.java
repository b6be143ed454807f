package dev.heliograph.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.account.CustomerId;
import dev.heliograph.authstate.PairingId;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.instance.Desired;
import dev.heliograph.instance.Instance;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.InstanceStatus;
import dev.heliograph.instance.InstanceWish;
import dev.heliograph.instance.Instances;
import dev.heliograph.instance.Metadata;
import dev.heliograph.instance.PhoneNumber;
import dev.heliograph.instance.StatusProjection;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageBody;
import dev.heliograph.message.Messages;
import dev.heliograph.message.QueuePlace;
import dev.heliograph.session.Mail;
import dev.heliograph.session.QueueMailbox;
import dev.heliograph.table.LocalDynamoDb;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ShardKeeperTest {
  private static final int SHARD = 3;
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Instant BEGINNING = Instant.parse("2026-05-01T00:00:00Z");

  @RegisterExtension final LocalDynamoDb dynamoDb = LocalDynamoDb.withAllTables();

  private final InstanceId instance = InstanceId.draw(IdGenerator.random());
  private Instant now = BEGINNING;
  private final BlockingQueue<Mail> heard = new LinkedBlockingQueue<>();
  private volatile boolean reachesWhatsApp = true;

  private Instances instances() {
    return new Instances(dynamoDb.client(), dynamoDb.prefix(), () -> now);
  }

  private Fleet fleet() {
    return new Fleet(dynamoDb.client(), dynamoDb.prefix());
  }

  private Sessions sessions() {
    Sessions sessions =
        new Sessions(
            (id, shard, mailbox) -> {
              mailbox.setConnected(reachesWhatsApp);
              Mail mail = mailbox.poll(SOON).orElseThrow();
              while (!(mail instanceof Mail.Release)) {
                heard.add(mail);
                mail = mailbox.poll(SOON).orElseThrow();
              }
              mailbox.setConnected(false);
              return SessionRunner.After.REST;
            },
            QueueMailbox::new,
            new Starts(10, new HeldBackThreads((in, what) -> {})),
            10,
            SOON,
            new HeldBackThreads((in, what) -> {}),
            System::nanoTime,
            new Random(1));
    sessions.open(SHARD);
    return sessions;
  }

  private ShardKeeper keeper(Sessions sessions) {
    return keeper(sessions, storage());
  }

  private ShardKeeper keeper(Sessions sessions, FleetStorage storage) {
    return new ShardKeeper(storage, sessions, new WorkerMetrics().instances(), () -> now);
  }

  private FleetStorage storage() {
    return new DynamoDbFleetStorage(fleet(), instances(), messages());
  }

  private Messages messages() {
    return new Messages(dynamoDb.client(), dynamoDb.prefix(), () -> now);
  }

  /** Has an index that shows these, whatever rows there are. */
  private static FleetStorage showing(List<InstanceWish> wishes, FleetStorage storage) {
    return (FleetStorage)
        Proxy.newProxyInstance(
            FleetStorage.class.getClassLoader(),
            new Class<?>[] {FleetStorage.class},
            (proxy, method, arguments) ->
                method.getName().equals("onShard") ? wishes : method.invoke(storage, arguments));
  }

  /** Notes from when on the queue is read. */
  private static FleetStorage noting(List<Instant> reads, FleetStorage storage) {
    return (FleetStorage)
        Proxy.newProxyInstance(
            FleetStorage.class.getClassLoader(),
            new Class<?>[] {FleetStorage.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("queued")) {
                reads.add((Instant) arguments[1]);
              }
              return method.invoke(storage, arguments);
            });
  }

  /** The instance, which is the customer's that this returns. */
  private CustomerId create() {
    CustomerId customer = CustomerId.draw(IdGenerator.random());
    instances()
        .create(Instance.created(instance, customer, "name", Metadata.EMPTY, SHARD, BEGINNING));
    return customer;
  }

  private QueuePlace accept(CustomerId customer, String whatsappId) {
    Message message =
        Message.queued(
            instance,
            customer,
            SHARD,
            PairingId.draw(IdGenerator.random()),
            whatsappId,
            new PhoneNumber("4915100000001"),
            new MessageBody.Text("text"),
            null,
            now,
            now.plusSeconds(600));
    messages().accept(message);
    return message.place();
  }

  private void project(long seq, InstanceStatus status) {
    instances()
        .project(
            instance,
            seq,
            new StatusProjection(status, null, null, null, null, 0, null, BEGINNING, now));
  }

  private Optional<Instant> liveAt(boolean isConnected) {
    return fleet().seen(SHARD).orElseThrow().liveAt(instance, isConnected);
  }

  @Test
  void whatALostWorkerSawLastIsRememberedUntilItIsLiveAgain() {
    CustomerId customer = create();
    instances().wish(customer, instance, Desired.RUNNING);
    project(1, InstanceStatus.CONNECTED);
    Sessions first = sessions();
    keeper(first).tick(SHARD);
    await().atMost(SOON).until(() -> first.connected() == 1);
    Instant seen = tick(keeper(first));
    assertThat(liveAt(true)).contains(seen);

    reachesWhatsApp = false;
    ShardKeeper next = keeper(sessions());
    tick(next);
    assertThat(liveAt(true)).contains(seen);
    tick(next);
    assertThat(liveAt(true)).contains(seen);

    project(2, InstanceStatus.DISCONNECTED);
    tick(next);
    assertThat(liveAt(false)).contains(seen);

    reachesWhatsApp = true;
    project(3, InstanceStatus.CONNECTED);
    Sessions last = sessions();
    tick(keeper(last));
    await().atMost(SOON).until(() -> last.connected() == 1);
    Instant again = tick(keeper(last));
    assertThat(liveAt(true)).contains(again);
  }

  @Test
  void aStopIsLookedAtThoughWhoHadTheConnectionHasLostIt() {
    CustomerId customer = create();
    instances().wish(customer, instance, Desired.STOPPED);
    project(1, InstanceStatus.DISCONNECTED);
    Sessions sessions = sessions();

    keeper(sessions).tick(SHARD);

    assertThat(sessions.running()).containsExactly(instance);
  }

  @Test
  void whatWasNotConnectedWhenItWasLastLookedAtWasNotLiveThen() {
    CustomerId customer = create();
    ShardKeeper keeper = keeper(sessions());
    tick(keeper);

    reachesWhatsApp = false;
    instances().wish(customer, instance, Desired.RUNNING);
    tick(keeper);

    assertThat(liveAt(false)).isEmpty();
  }

  @Test
  void howeverManyLoseTheirWorkerWhatIsSeenOfThemFitsAndIsTrue() throws InterruptedException {
    reachesWhatsApp = false;
    List<InstanceWish> wishes =
        Stream.generate(() -> InstanceId.draw(IdGenerator.random()))
            .limit(8_000)
            .map(id -> new InstanceWish(id, Desired.RUNNING, 1, 0, InstanceStatus.CONNECTED))
            .toList();
    fleet().see(SHARD, new Seen(BEGINNING, Set.of(), Map.of()));
    Sessions sessions = sessions();
    ShardKeeper keeper = keeper(sessions, showing(wishes, storage()));

    for (int ticks = 0; ticks < 2; ticks++) {
      Instant ticked = tick(keeper);
      Seen seen = fleet().seen(SHARD).orElseThrow();
      assertThat(seen.at()).isEqualTo(ticked);
      assertThat(wishes)
          .allSatisfy(one -> assertThat(seen.liveAt(one.id(), true)).contains(BEGINNING));
    }
    sessions.release(SHARD);
  }

  @Test
  void aSessionThatCannotLiveCostsNoRingMoreThanWhatCameSinceTheLastOne() throws Exception {
    CustomerId customer = create();
    AtomicBoolean mayLive = new AtomicBoolean();
    BlockingQueue<Runnable> reopenings = new LinkedBlockingQueue<>();
    Sessions sessions =
        new Sessions(
            (id, shard, mailbox) -> {
              heard.add(mailbox.poll(SOON).orElseThrow());
              if (!mayLive.get()) {
                throw new IllegalStateException("a defect");
              }
              while (!(mailbox.poll(SOON).orElseThrow() instanceof Mail.Release)) {}
              return SessionRunner.After.REST;
            },
            QueueMailbox::new,
            new Starts(10, new HeldBackThreads((in, what) -> {})),
            10,
            SOON,
            new HeldBackThreads((in, what) -> reopenings.add(what)),
            () -> Duration.between(BEGINNING, now).toNanos(),
            new Random(1));
    sessions.open(SHARD);
    List<Instant> reads = new ArrayList<>();
    ShardKeeper keeper = keeper(sessions, noting(reads, storage()));
    QueuePlace first = accept(customer, "FIRST");
    Instant ticked = tick(keeper);
    assertThat(heard.take()).isEqualTo(new Mail.Look(List.of(first)));
    assertThat(reopenings.take()).isNotNull();
    reads.clear();

    now = now.plusMillis(500); // nobody lives to hear it
    QueuePlace second = accept(customer, "SECOND");
    keeper.ring(SHARD, Map.of(instance, List.of()));
    now = now.plusSeconds(10);
    mayLive.set(true);
    QueuePlace third = accept(customer, "THIRD");
    keeper.ring(SHARD, Map.of(instance, List.of()));

    assertThat(reads).hasSize(2).allMatch(since -> !since.isBefore(ticked.minusSeconds(5)));
    assertThat(heard.take()).isEqualTo(new Mail.Look(List.of(first, second, third)));
    sessions.release(SHARD);
  }

  @Test
  void whatALateRingNamesIsNotPutBehindLaterMessages() throws Exception {
    CustomerId customer = create();
    ShardKeeper keeper = keeper(sessions());
    QueuePlace earlier = accept(customer, "EARLIER");
    tick(keeper);
    assertThat(heard.take()).isEqualTo(new Mail.Look(List.of(earlier)));
    QueuePlace later = accept(customer, "LATER");

    keeper.ring(SHARD, Map.of(instance, List.of(earlier)));

    assertThat(heard.take()).isEqualTo(new Mail.Look(List.of(earlier, later)));
  }

  private Instant tick(ShardKeeper keeper) {
    now = now.plusSeconds(30);
    assertThat(keeper.tick(SHARD)).isTrue();
    return now;
  }
}
