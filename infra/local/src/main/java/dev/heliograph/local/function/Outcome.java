package dev.heliograph.local.function;

import org.jspecify.annotations.Nullable;

/** What became of one call of a function. */
public sealed interface Outcome<O extends @Nullable Object> {
  /** The handler's answer; null from a handler that answers nothing. */
  record Returned<O extends @Nullable Object>(@Nullable O answer) implements Outcome<O> {}

  /** The handler threw; it has been logged. */
  record Failed<O extends @Nullable Object>(String requestId) implements Outcome<O> {}

  /** The handler took longer than its function may and was interrupted. */
  record TimedOut<O extends @Nullable Object>(String requestId) implements Outcome<O> {}
}
