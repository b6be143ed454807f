package dev.heliograph.journal;

import dev.heliograph.table.NotAcknowledgedException;
import dev.heliograph.table.ThrottledException;
import dev.heliograph.table.UnansweredException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Puts entries until it is known whether they are in, and repeats what may be repeated. */
final class JournalWriter {
  /** How long an entry may stay in doubt before the session gives itself up. */
  static final Duration IN_DOUBT = Duration.ofSeconds(2);

  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final SessionStorage storage;
  private final SessionClock clock;
  private final RandomGenerator random;
  private final LogListener listener;

  JournalWriter(
      SessionStorage storage, SessionClock clock, RandomGenerator random, LogListener listener) {
    this.storage = storage;
    this.clock = clock;
    this.random = random;
    this.listener = listener;
  }

  /**
   * Puts an entry at its place.
   *
   * @throws FencedException if another owner's entry is there
   * @throws OutcomeUnknownException if nobody said within {@link #IN_DOUBT} whether it is in
   */
  void put(Entry entry) throws InterruptedException {
    long doubtedSince = 0;
    boolean inDoubt = false;
    for (int attempt = 0; ; attempt++) {
      long begun = clock.nanos();
      try {
        Optional<Entry> there = storage.put(entry);
        if (there.isPresent() && !there.get().id().equals(entry.id())) {
          tried(LogListener.Outcome.REFUSED, begun);
          throw new FencedException();
        }
        tried(LogListener.Outcome.DONE, begun);
        return; // in, or an earlier try of this very put was in without our knowing
      } catch (UnansweredException unanswered) {
        tried(LogListener.Outcome.UNKNOWN, begun);
        if (!inDoubt) {
          inDoubt = true;
          doubtedSince = clock.nanos();
        }
        if (clock.nanos() - doubtedSince > IN_DOUBT.toNanos()) {
          throw new OutcomeUnknownException(unanswered);
        }
      } catch (ThrottledException throttled) {
        tried(LogListener.Outcome.THROTTLED, begun);
        // Certainly not done by this try; one before it may have been.
        if (inDoubt && clock.nanos() - doubtedSince > IN_DOUBT.toNanos()) {
          throw new OutcomeUnknownException(throttled);
        }
      }
      clock.pause(pause(attempt));
    }
  }

  private void tried(LogListener.Outcome outcome, long begun) {
    listener.tried(outcome, Duration.ofNanos(clock.nanos() - begun));
  }

  /** Makes a call that may be repeated until it is answered, however long that takes. */
  <T> T untilAnswered(Supplier<T> call) throws InterruptedException {
    for (int attempt = 0; ; attempt++) {
      try {
        return call.get();
      } catch (NotAcknowledgedException again) {
        clock.pause(pause(attempt));
      }
    }
  }

  /** Exponential with full jitter. */
  private Duration pause(int attempt) {
    long longest =
        Math.min(LONGEST_PAUSE.toMillis(), SHORTEST_PAUSE.toMillis() << Math.min(attempt, 10));
    return Duration.ofMillis(1 + random.nextLong(longest));
  }
}
