package dev.heliograph.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.health.Vitals;
import dev.heliograph.id.IdGenerator;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.Instances;
import dev.heliograph.message.Messages;
import dev.heliograph.session.Mail;
import dev.heliograph.session.Mailbox;
import dev.heliograph.session.QueueMailbox;
import dev.heliograph.table.LocalDynamoDb;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(180)
class ShardHolderTest {
  private static final int SHARDS = 6;
  private static final Duration SOON = Duration.ofSeconds(20);

  @RegisterExtension final LocalDynamoDb dynamoDb = LocalDynamoDb.withAllTables();

  private final CyclicBarrier ending = new CyclicBarrier(SHARDS);
  private final AtomicInteger endedTogether = new AtomicInteger();

  /** Ends only when those of all shards do. */
  private SessionRunner.After run(InstanceId instance, int shard, Mailbox mailbox)
      throws InterruptedException {
    while (!(mailbox.poll(SOON).orElseThrow() instanceof Mail.Release)) {}
    try {
      ending.await(SOON.toSeconds(), TimeUnit.SECONDS);
      endedTogether.incrementAndGet();
    } catch (BrokenBarrierException | TimeoutException oneAfterTheOther) {
      // The test says so.
    }
    return SessionRunner.After.REST;
  }

  @Test
  void everyShardIsGivenUpAtOnceAndTheOthersNeedNotWait() throws InterruptedException {
    Sessions sessions = sessions(this::run);
    ShardHolder holder = holder(leases("leaving", System::nanoTime), sessions);
    Threads.Task beats = new MachineThreads().start("beats", holder::run);
    for (int shard = 0; shard < SHARDS; shard++) {
      startSession(sessions, shard);
    }
    assertThat(sessions.running()).hasSize(SHARDS);

    holder.leave(beats);

    assertThat(endedTogether).hasValue(SHARDS);
    Leases staying = leases("staying", System::nanoTime);
    assertThat(staying.beat()).isTrue();
    assertThat(staying.held()).hasSize(SHARDS);
  }

  @Test
  void aWorkerThatTakesItsTimeToLeaveIsNotTakenForDeadAndKeepsOnlyWhatItIsBusyWith()
      throws Exception {
    CountDownLatch mayEnd = new CountDownLatch(1);
    Fleet fleet = new Fleet(dynamoDb.client(), dynamoDb.prefix());
    Sessions sessions =
        sessions(
            (instance, shard, mailbox) -> {
              mayEnd.await();
              return SessionRunner.After.REST;
            });
    ShardHolder holder = holder(leases("leaving", System::nanoTime), sessions);
    Threads.Task beats = new MachineThreads().start("beats", holder::run);
    await().atMost(SOON).until(() -> holder.epoch(SHARDS - 1) > 0);
    startSession(sessions, 0);
    AtomicLong others = new AtomicLong();
    Leases other = leases("other", others::get);

    Thread leaving = startLeaving(holder, beats);
    await().atMost(SOON).until(() -> holder.held() == 0);
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              other.beat();
              assertThat(other.held()).hasSize(SHARDS - 1);
            });
    for (int lease = 0; lease < 3; lease++) {
      long before = beat(fleet, "leaving");
      await().atMost(SOON).until(() -> beat(fleet, "leaving") > before);
      others.addAndGet(2 * LeaseSettings.DEFAULT.lease().toNanos());
      other.beat();
      assertThat(other.held()).doesNotContainKey(0);
    }

    mayEnd.countDown();
    leaving.join();
    other.beat();
    assertThat(other.held()).hasSize(SHARDS);
  }

  @Test
  void aWorkerStaysUntilWhatItWasGivingUpBeforeItLeavesIsHandedOverToo() throws Exception {
    List<CountDownLatch> mayEnd =
        Stream.generate(() -> new CountDownLatch(1)).limit(SHARDS).toList();
    Fleet fleet = new Fleet(dynamoDb.client(), dynamoDb.prefix());
    Sessions sessions =
        sessions(
            (instance, shard, mailbox) -> {
              while (!(mailbox.poll(SOON).orElseThrow() instanceof Mail.Release)) {}
              mayEnd.get(shard).await();
              return SessionRunner.After.REST;
            });
    // By clocks that stand still neither takes the other for dead.
    ShardHolder holder = holder(leases("leaving", () -> 0L), sessions);
    Leases other = leases("other", () -> 0L);
    Threads.Task beats = new MachineThreads().start("beats", holder::run);
    for (int shard = 0; shard < SHARDS; shard++) {
      startSession(sessions, shard);
    }
    other.beat();
    await().atMost(SOON).until(() -> holder.held() == SHARDS / 2);
    for (int shard = 0; shard < SHARDS; shard++) {
      if (holder.epoch(shard) > 0) {
        mayEnd.get(shard).countDown();
      }
    }

    Thread leaving = startLeaving(holder, beats);
    await().atMost(SOON).until(() -> owned(fleet, "leaving") == SHARDS / 2);
    long before = beat(fleet, "leaving");
    await().atMost(SOON).until(() -> beat(fleet, "leaving") > before + 1);
    other.beat();
    assertThat(other.held()).hasSize(SHARDS / 2);

    mayEnd.forEach(CountDownLatch::countDown);
    leaving.join();
    other.beat();
    assertThat(other.held()).hasSize(SHARDS);
  }

  /** A shard that is new here lets none start for a moment, and none does after a late beat. */
  private static void startSession(Sessions sessions, int shard) {
    InstanceId instance = InstanceId.draw(IdGenerator.random());
    await().atMost(SOON).until(() -> sessions.look(shard, instance, List.of()) > 0);
  }

  private static Thread startLeaving(ShardHolder holder, Threads.Task beats) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                holder.leave(beats);
              } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private FleetStorage storage() {
    InstantSource clock = InstantSource.system();
    return new DynamoDbFleetStorage(
        new Fleet(dynamoDb.client(), dynamoDb.prefix()),
        new Instances(dynamoDb.client(), dynamoDb.prefix(), clock),
        new Messages(dynamoDb.client(), dynamoDb.prefix(), clock));
  }

  private static long owned(Fleet fleet, String worker) {
    return fleet.read().shards().stream()
        .filter(row -> row.owner().equals(Optional.of(worker)))
        .count();
  }

  private static long beat(Fleet fleet, String worker) {
    return fleet.read().workers().stream()
        .filter(row -> row.id().equals(worker))
        .findFirst()
        .orElseThrow()
        .beat();
  }

  private Sessions sessions(SessionRunner runner) {
    return new Sessions(
        runner,
        QueueMailbox::new,
        new Starts(100, new MachineThreads()),
        1000,
        SOON,
        new MachineThreads(),
        System::nanoTime,
        new Random(1));
  }

  private ShardHolder holder(Leases leases, Sessions sessions) {
    InstantSource clock = InstantSource.system();
    WorkerMetrics metrics = new WorkerMetrics();
    return new ShardHolder(
        leases,
        sessions,
        new ShardKeeper(storage(), sessions, metrics.instances(), clock),
        (shard, isHeld) -> () -> {},
        new MachineThreads(),
        Duration.ofMinutes(1),
        () -> {},
        metrics,
        new Vitals(LeaseSettings.DEFAULT.lease(), System::nanoTime));
  }

  private Leases leases(String worker, LongSupplier nanos) {
    return new Leases(
        storage(),
        worker,
        SHARDS,
        LeaseSettings.DEFAULT,
        InstantSource.system(),
        nanos,
        new Random(1));
  }
}
