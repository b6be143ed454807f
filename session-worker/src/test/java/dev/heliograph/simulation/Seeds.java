package dev.heliograph.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/** Runs simulations with many seeds, or with the one that is asked for. */
final class Seeds {
  /** A run with one seed alone: {@code -Dheliograph.simulation.seed=N}. */
  private static final String ONLY = "heliograph.simulation.seed";

  private Seeds() {}

  /** What a run came to. */
  record Outcome(Trace trace, Optional<Throwable> failure) {}

  /** Runs seeds from 1 on; fails with the first one that does, and with what happened in it. */
  static void hold(String simulation, long seeds, LongFunction<Outcome> run) {
    String only = System.getProperty(ONLY);
    LongStream range =
        only == null ? LongStream.rangeClosed(1, seeds) : LongStream.of(number(only));
    range
        .parallel()
        .forEach(
            seed -> {
              Outcome outcome = run.apply(seed);
              if (outcome.failure().isPresent()) {
                throw failed(simulation, seed, outcome);
              }
            });
  }

  /** Fails unless one of so many seeds does. */
  static void notice(long seeds, LongFunction<Outcome> run) {
    assertThat(LongStream.rangeClosed(1, seeds).boxed())
        .as("a seed that notices")
        .anyMatch(seed -> run.apply(seed).failure().isPresent());
  }

  private static long number(String seed) {
    return Long.parseLong(seed);
  }

  private static AssertionError failed(String simulation, long seed, Outcome outcome) {
    Throwable failure = outcome.failure().orElseThrow();
    return new AssertionError(
        "%s fails with seed %d: %s%nAgain: -D%s=%d%n%s"
            .formatted(simulation, seed, failure.getMessage(), ONLY, seed, outcome.trace()),
        failure);
  }
}
