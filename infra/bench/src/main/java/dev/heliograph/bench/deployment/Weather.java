package dev.heliograph.bench.deployment;

/** What DynamoDB does to whoever asks it through a {@link DynamoDbProxy}. */
public enum Weather {
  /** It answers. */
  FAIR,
  /** It refuses, and has done nothing. */
  THROTTLED,
  /** It does what it is asked to, and the connection ends without an answer. */
  ANSWERS_LOST,
  /** It does nothing until the weather is fair, and then all that was asked. */
  STALLED
}
