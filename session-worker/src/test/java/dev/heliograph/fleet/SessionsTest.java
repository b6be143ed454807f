package dev.heliograph.fleet;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.id.IdGenerator;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.session.Mail;
import dev.heliograph.session.Mailbox;
import dev.heliograph.session.QueueMailbox;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class SessionsTest {
  private static final int SHARD = 3;
  private static final Duration SOON = Duration.ofMinutes(1);

  private final InstanceId instance = InstanceId.draw(IdGenerator.random());
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger runs = new AtomicInteger();
  private final BlockingQueue<Reopening> reopenings = new LinkedBlockingQueue<>();
  private final BlockingQueue<Runnable> patience = new LinkedBlockingQueue<>();
  private volatile SessionRunner runner = SessionsTest::fail;
  private final Sessions sessions =
      new Sessions(
          this::run,
          QueueMailbox::new,
          new Starts(2, new HeldBackThreads((in, what) -> patience.add(what))),
          5,
          SOON,
          new HeldBackThreads((in, what) -> reopenings.add(new Reopening(in, what))),
          nanos::get,
          new Random(1));

  private record Reopening(Duration in, Runnable what) {}

  private SessionRunner.After run(InstanceId which, int shard, Mailbox mailbox)
      throws InterruptedException {
    runs.incrementAndGet();
    return runner.run(which, shard, mailbox);
  }

  private static SessionRunner.After fail(InstanceId instance, int shard, Mailbox mailbox) {
    throw new IllegalStateException("a defect");
  }

  private static SessionRunner.After untilReleased(InstanceId instance, int shard, Mailbox mailbox)
      throws InterruptedException {
    while (!(mailbox.poll(SOON).orElseThrow() instanceof Mail.Release)) {}
    return SessionRunner.After.REST;
  }

  private void look() {
    sessions.look(SHARD, instance, List.of());
  }

  /** Lets the time pass that a failed session was to wait, and its instance be opened again. */
  private Duration reopen() throws InterruptedException {
    Reopening next = reopenings.take();
    nanos.addAndGet(next.in().toNanos());
    next.what().run();
    return next.in();
  }

  @Test
  void whatFailsAgainAndAgainIsOpenedEverMoreRarely() throws InterruptedException {
    sessions.open(SHARD);
    look();

    Duration longest = Defects.FIRST_PAUSE;
    for (int i = 0; i < 15; i++) {
      assertThat(reopen()).isBetween(longest.dividedBy(2), longest);
      longest = longest.multipliedBy(2);
      if (longest.compareTo(Defects.LONGEST_PAUSE) > 0) {
        longest = Defects.LONGEST_PAUSE;
      }
    }
  }

  @Test
  void noRingOpensItBefore() throws InterruptedException {
    sessions.open(SHARD);
    look();
    Reopening next = reopenings.take();
    look();

    nanos.addAndGet(next.in().toNanos() - 1);
    look();
    assertThat(sessions.running()).isEmpty();
    assertThat(runs).hasValue(1);
    nanos.addAndGet(1);
    look();
    assertThat(reopenings.take().in()).isGreaterThanOrEqualTo(Defects.FIRST_PAUSE);
    assertThat(runs).hasValue(2);
  }

  @Test
  void aSessionThatLastedWasNoneOfThoseThatFailAtOnce() throws InterruptedException {
    sessions.open(SHARD);
    look();
    for (int i = 0; i < 8; i++) {
      reopen();
    }
    runner =
        (which, shard, mailbox) -> {
          nanos.addAndGet(Defects.FORGOTTEN_AFTER.toNanos() + 1);
          return fail(which, shard, mailbox);
        };
    reopen();

    assertThat(reopenings.take().in()).isLessThanOrEqualTo(Defects.FIRST_PAUSE);
  }

  @Test
  void aDefectOfOneInstanceIsNoneOfAnother() throws InterruptedException {
    sessions.open(SHARD);
    look();
    for (int i = 0; i < 8; i++) {
      reopen();
    }
    reopenings.take();
    sessions.look(SHARD, InstanceId.draw(IdGenerator.random()), List.of());

    assertThat(reopenings.take().in()).isLessThanOrEqualTo(Defects.FIRST_PAUSE);
  }

  @Test
  void whatWasLostIsOpenedAgainSoonHoweverOften() throws InterruptedException {
    runner = (which, shard, mailbox) -> SessionRunner.After.REOPEN;
    sessions.open(SHARD);
    look();

    for (int i = 0; i < 10; i++) {
      assertThat(reopen()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
    }
  }

  @Test
  void soManyBeginAtATimeAndThoseThatWereConnectedFirst() throws InterruptedException {
    BlockingQueue<InstanceId> begun = new LinkedBlockingQueue<>();
    Map<InstanceId, Mailbox> mailboxes = new ConcurrentHashMap<>();
    runner =
        (which, shard, mailbox) -> {
          mailboxes.put(which, mailbox);
          begun.add(which);
          return untilReleased(which, shard, mailbox);
        };
    List<InstanceId> all =
        Stream.generate(() -> InstanceId.draw(IdGenerator.random())).limit(5).toList();
    sessions.open(SHARD);

    for (int i = 0; i < all.size(); i++) {
      sessions.look(SHARD, all.get(i), List.of(), i == 4);
    }
    assertThat(List.of(begun.take(), begun.take()))
        .containsExactlyInAnyOrder(all.get(0), all.get(1));
    assertThat(sessions.running()).hasSize(5);
    Mailbox first = requireNonNull(mailboxes.get(all.get(0)));
    first.setConnected(true);
    assertThat(begun.take()).isEqualTo(all.get(4));
    first.setConnected(true); // reconnects: it is nobody else's turn for that
    patience.take().run(); // of the first, which is over
    assertThat(begun).isEmpty();
    patience.take().run();
    assertThat(begun.take()).isEqualTo(all.get(2));

    sessions.release(SHARD);
    assertThat(begun).isEmpty();
    assertThat(sessions.running()).isEmpty();
  }

  @Test
  void whatMayNotStartYetStartsAsSoonAsItMay() throws InterruptedException {
    runner = SessionsTest::untilReleased;
    sessions.open(SHARD);
    sessions.setConfident(false);
    look();
    assertThat(sessions.running()).isEmpty();

    sessions.setConfident(true);

    assertThat(sessions.running()).containsExactly(instance);
    sessions.release(SHARD);
  }

  @Test
  void whatIsGivenUpMeanwhileDoesNotStart() throws InterruptedException {
    sessions.open(SHARD);
    sessions.setConfident(false);
    look();
    sessions.release(SHARD);

    sessions.setConfident(true);

    assertThat(sessions.running()).isEmpty();
    assertThat(runs).hasValue(0);
  }

  @Test
  void aSessionThatDoesNotEndIsInterruptedAndOneThatCannotIsLeftBehind() throws Exception {
    Semaphore begun = new Semaphore(0);
    Semaphore over = new Semaphore(0);
    CountDownLatch interrupted = new CountDownLatch(1);
    InstanceId deaf = InstanceId.draw(IdGenerator.random());
    Sessions impatient =
        impatient(
            (which, shard, mailbox) -> {
              begun.release();
              try {
                over.acquire();
              } catch (InterruptedException ended) {
                interrupted.countDown();
                if (which.equals(deaf)) {
                  over.acquireUninterruptibly();
                }
              }
              return SessionRunner.After.REST;
            },
            System::nanoTime);
    impatient.open(SHARD);
    impatient.look(SHARD, instance, List.of());
    begun.acquire();
    impatient.release(SHARD);
    interrupted.await();
    await().atMost(SOON).until(() -> impatient.running().isEmpty());

    impatient.open(SHARD);
    impatient.look(SHARD, deaf, List.of());
    begun.acquire();
    impatient.release(SHARD);
    assertThat(impatient.running()).containsExactly(deaf);
    over.release();
    await().atMost(SOON).until(() -> impatient.running().isEmpty());
  }

  @Test
  void aSessionIsInterruptedEvenIfTheWorkerStoodStillUntilItWasToBeGivenUp()
      throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    AtomicLong hours = new AtomicLong();
    Sessions stoodStill =
        impatient(
            (which, shard, mailbox) -> {
              never.await();
              return SessionRunner.After.REST;
            },
            () -> Duration.ofHours(hours.getAndIncrement()).toNanos());
    stoodStill.open(SHARD);
    stoodStill.look(SHARD, instance, List.of());

    stoodStill.release(SHARD);

    await().atMost(SOON).until(() -> stoodStill.running().isEmpty());
  }

  private static Sessions impatient(SessionRunner runner, LongSupplier nanos) {
    return new Sessions(
        runner,
        QueueMailbox::new,
        new Starts(2, new HeldBackThreads((in, what) -> {})),
        5,
        Duration.ofMillis(50),
        new HeldBackThreads((in, what) -> {}),
        nanos,
        new Random(1));
  }

  @Test
  void thereIsRoomForSoManyOnly() throws InterruptedException {
    runner = SessionsTest::untilReleased;
    sessions.open(SHARD);

    for (int i = 0; i < 7; i++) {
      sessions.look(SHARD, InstanceId.draw(IdGenerator.random()), List.of());
    }

    assertThat(sessions.running()).hasSize(5);
    sessions.release(SHARD);
  }

  @Test
  void aReleasedShardHasNoSessionsAndStartsNone() throws InterruptedException {
    runner = SessionsTest::untilReleased;
    sessions.open(SHARD);
    look();
    await().atMost(SOON).untilAtomic(runs, org.hamcrest.Matchers.is(1));

    sessions.release(SHARD);
    assertThat(sessions.running()).isEmpty();
    look();
    assertThat(sessions.running()).isEmpty();
    assertThat(reopenings).isEmpty();
  }
}
