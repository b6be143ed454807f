package dev.heliograph.bench.chaos;

import dev.heliograph.bench.deployment.Weather;
import java.time.Duration;

/** What goes wrong. Which of the workers it happens to is a number from 0, modulo the workers. */
sealed interface Fault {
  /** SIGKILL; another worker is started. */
  record Killed(int worker) implements Fault {}

  /** SIGTERM; another worker is started when it has ended. */
  record Terminated(int worker) implements Fault {}

  /** SIGSTOP, and SIGCONT after a time. */
  record Frozen(int worker, Duration lasting) implements Fault {}

  /** The server closes the connections of some numbers without a word. */
  record LinksCut(double share, long seed) implements Fault {}

  /** DynamoDB does badly for one worker. */
  record BrownOut(int worker, Weather weather, double share, Duration lasting) implements Fault {}

  /** DynamoDB does badly for all of them. */
  record BlackOut(Weather weather, double share, Duration lasting) implements Fault {}
}
