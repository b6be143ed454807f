package dev.heliograph.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.table.UnansweredException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CallLimitTest {
  private static final int FIRST = 16;
  private static final int MOST = 40;

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // it may well overflow
  private final CallLimit calls = new CallLimit(MOST, nanos::get);

  @Test
  void answersThatAreQuickRaiseIt() {
    together(FIRST, () -> {});
    for (int i = 0; i < 10; i++) together(calls.current(), () -> {});

    assertThat(calls.current()).isBetween(FIRST + 3, FIRST + 10);
  }

  @Test
  void itEndsToRise() {
    for (int i = 0; i < 200; i++) together(calls.current(), () -> {});

    assertThat(calls.current()).isEqualTo(MOST);
  }

  @Test
  void answersToFewCallsSayNothingAboutMany() {
    for (int i = 0; i < 1000; i++) together(FIRST / 2, () -> {});

    assertThat(calls.current()).isEqualTo(FIRST);
  }

  @Test
  void answersThatAreSlowLowerItOnceInARound() {
    together(FIRST, () -> pass(CallLimit.QUICK.plusNanos(1)));
    assertThat(calls.current()).isEqualTo(FIRST * 2 / 3);

    together(1, () -> pass(CallLimit.QUICK.plusNanos(1)));
    assertThat(calls.current()).isEqualTo(FIRST * 4 / 9);
  }

  @Test
  void someCallsAreMadeInAnyCase() {
    for (int i = 0; i < 100; i++) together(1, () -> pass(Duration.ofSeconds(4)));

    assertThat(calls.current()).isEqualTo(4);
    together(4, () -> {});
  }

  @Test
  void aCallThatIsNotAnsweredLowersItHoweverQuickly() {
    assertThatThrownBy(
            () ->
                calls.run(
                    () -> {
                      throw new UnansweredException(new IllegalStateException("cut"));
                    }))
        .isInstanceOf(UnansweredException.class);

    assertThat(calls.current()).isEqualTo(FIRST * 2 / 3);
  }

  @Test
  void aRefusalIsAnAnswer() {
    assertThatThrownBy(
            () ->
                calls.run(
                    () -> {
                      throw new IllegalArgumentException("refused");
                    }))
        .isInstanceOf(IllegalArgumentException.class);

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

  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) Thread.onSpinWait();
  }
}
