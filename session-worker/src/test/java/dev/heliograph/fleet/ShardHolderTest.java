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
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

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
    InstantSource clock = InstantSource.system();
    Fleet fleet = new Fleet(dynamoDb.client(), dynamoDb.prefix());
    Sessions sessions =
        new Sessions(
            this::run,
            QueueMailbox::new,
            new Starts(100, (in, what) -> {}),
            1000,
            (in, what) -> {},
            System::nanoTime,
            new Random(1));
    ShardHolder holder =
        new ShardHolder(
            leases(fleet, "leaving"),
            sessions,
            new ShardKeeper(
                new Instances(dynamoDb.client(), dynamoDb.prefix(), clock),
                new Messages(dynamoDb.client(), dynamoDb.prefix(), clock),
                fleet,
                sessions,
                clock),
            (shard, isHeld) -> () -> {},
            Duration.ofMinutes(1),
            () -> {},
            new WorkerMetrics(),
            new Vitals(LeaseSettings.DEFAULT.lease(), System::nanoTime));
    Thread beats = Thread.ofVirtual().start(holder);
    await().atMost(SOON).until(() -> holder.epoch(SHARDS - 1) > 0);
    for (int shard = 0; shard < SHARDS; shard++) {
      sessions.look(shard, InstanceId.draw(IdGenerator.random()), List.of());
    }
    assertThat(sessions.running()).hasSize(SHARDS);

    holder.end();
    beats.interrupt();
    beats.join();
    holder.releaseAll();

    assertThat(endedTogether).hasValue(SHARDS);
    Leases staying = leases(fleet, "staying");
    assertThat(staying.beat()).isTrue();
    assertThat(staying.held()).hasSize(SHARDS);
  }

  private static Leases leases(Fleet fleet, String worker) {
    return new Leases(
        fleet,
        worker,
        SHARDS,
        LeaseSettings.DEFAULT,
        InstantSource.system(),
        System::nanoTime,
        new Random(1));
  }
}
