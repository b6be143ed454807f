package dev.heliograph.local.function;

import org.jspecify.annotations.Nullable;

/** What became of one call of a function. */
public sealed interface Outcome<O> {
  /** The handler's answer; null from a handler that answers nothing. */
  record Returned<O>(@Nullable O answer) implements Outcome<O> {}

  /** The handler threw; it has been logged. */
  record Failed<O>(String requestId) implements Outcome<O> {}

  /** The handler took longer than its function may and was interrupted. */
  record TimedOut<O>(String requestId) implements Outcome<O> {}
}
