package dev.heliograph.journal;

import static dev.heliograph.journal.CallLimit.FIRST;
import static dev.heliograph.journal.CallLimit.LEAST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.heliograph.table.NotAcknowledgedException;
import dev.heliograph.table.ThrottledException;
import dev.heliograph.table.UnansweredException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CallLimitTest {
  private static final int MOST = FIRST + 8;
  private static final Duration SLOW = CallLimit.QUICK.plusNanos(1);

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // it may well overflow
  private final CallLimit calls = new CallLimit(MOST, nanos::get);

  @Test
  void answersThatAreQuickRaiseIt() {
    together(FIRST, () -> {});
    assertThat(calls.current()).isEqualTo(FIRST);

    for (int i = 0; i < 2; i++) together(calls.current(), () -> {});
    assertThat(calls.current()).isEqualTo(FIRST + 1);
    together(FIRST + 1, () -> {});
  }

  @Test
  void itEndsToRise() {
    for (int i = 0; i < 100; i++) together(calls.current(), () -> {});

    assertThat(calls.current()).isEqualTo(MOST);
  }

  @Test
  void answersToFewCallsSayNothingAboutMany() {
    for (int i = 0; i < 1000; i++) together(FIRST / 2, () -> {});
    for (int i = 0; i < 10; i++) together(FIRST / 2, () -> pass(SLOW));

    assertThat(calls.current()).isEqualTo(FIRST);
  }

  @Test
  void answersThatAreSlowLowerItOnceInARound() {
    together(FIRST, () -> pass(SLOW));

    assertThat(calls.current()).isEqualTo(FIRST * 2 / 3);
    together(FIRST * 2 / 3, () -> {});
  }

  @Test
  void someCallsAreMadeInAnyCase() {
    for (int i = 0; i < 100; i++) together(calls.current(), () -> pass(SLOW));

    assertThat(calls.current()).isEqualTo(LEAST);
    together(LEAST, () -> {});
  }

  @Test
  void aCallThatIsNotAnsweredLowersItHoweverQuickly() {
    together(
        FIRST - 1,
        () -> {
          pass(Duration.ofNanos(1));
          fail(new UnansweredException(new IOException("cut")));
        });

    assertThat(calls.current()).isEqualTo(FIRST * 2 / 3);
  }

  @Test
  void aCallThatWeGaveUpOurselvesSaysNothing() {
    together(
        FIRST - 1,
        () -> {
          UnansweredException aborted = new UnansweredException(new InterruptedException());
          assertThatThrownBy(
                  () ->
                      calls.run(
                          () -> {
                            Thread.currentThread().interrupt();
                            throw aborted;
                          }))
              .isSameAs(aborted);
          assertThat(Thread.interrupted()).isTrue();
        });

    assertThat(calls.current()).isEqualTo(FIRST);
  }

  @Test
  void aRefusalForLoadIsItsCallersOwn() {
    together(FIRST - 1, () -> fail(new ThrottledException(new IOException("busy"))));

    assertThat(calls.current()).isEqualTo(FIRST);
    together(FIRST, () -> {});
  }

  @Test
  void whoIsOneTooManyWaitsForItsTurn() throws InterruptedException {
    CompletableFuture<Boolean> made = new CompletableFuture<>();
    Thread waiting =
        Thread.ofVirtual()
            .unstarted(
                () -> {
                  calls.run(() -> made.complete(true));
                });
    together(
        FIRST,
        () -> {
          waiting.start();
          awaitWaiting(waiting);
          assertThat(made).isNotDone();
        });

    assertThat(made.join()).isTrue();
    waiting.join();
  }

  @Test
  void whoIsInterruptedWaitsNoLongerAndTakesNobodysTurn() throws InterruptedException {
    AtomicBoolean isInterrupted = new AtomicBoolean();
    CompletableFuture<RuntimeException> thrown = new CompletableFuture<>();
    Thread waiting =
        Thread.ofVirtual()
            .unstarted(
                () -> {
                  try {
                    calls.run(() -> {});
                  } catch (UnansweredException interrupted) {
                    isInterrupted.set(Thread.currentThread().isInterrupted());
                    thrown.complete(interrupted);
                  }
                });
    together(
        FIRST,
        () -> {
          waiting.start();
          awaitWaiting(waiting);
          waiting.interrupt();
          assertThat(thrown.join()).isInstanceOf(UnansweredException.class);
        });

    waiting.join();
    assertThat(isInterrupted).isTrue();
    together(FIRST, () -> {});
  }

  /** So many calls that are all under way when something happens. */
  private void together(int many, Runnable happens) {
    if (many == 0) {
      happens.run();
    } else {
      calls.run(() -> together(many - 1, happens));
    }
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private void fail(NotAcknowledgedException failure) {
    assertThatThrownBy(
            () ->
                calls.run(
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);
  }

  private static void awaitWaiting(Thread thread) {
    await().until(thread::getState, Thread.State.WAITING::equals);
  }
}
