package dev.heliograph.webhook;

/** How an attempt ended. */
sealed interface AttemptOutcome {
  /** The endpoint answered with 2xx. */
  record Delivered() implements AttemptOutcome {}

  /**
   * It did not.
   *
   * @param error a stable code, such as {@code http_500} or {@code timeout}
   */
  record Failed(String error) implements AttemptOutcome {}
}
