package dev.heliograph.bench.chaos;

import dev.heliograph.bench.deployment.Weather;
import java.time.Duration;

/** What goes wrong. Which of the workers it happens to is a number from 0, modulo the workers. */
sealed interface Fault {
  /** How long it goes on by itself. */
  default Duration lasting() {
    return Duration.ZERO;
  }

  /** Whether a worker, or DynamoDB for one, is the worse for it, and not only WhatsApp's line. */
  default boolean isOfWorkers() {
    return true;
  }

  /** SIGKILL; another worker is started. */
  record Killed(int worker) implements Fault {}

  /** SIGTERM; another worker is started when it has ended. */
  record Terminated(int worker) implements Fault {}

  /** SIGSTOP, and SIGCONT after a time. */
  record Frozen(int worker, Duration lasting) implements Fault {}

  /** The server closes the connections of some numbers without a word. */
  record LinksCut(double share, long seed) implements Fault {
    @Override
    public boolean isOfWorkers() {
      return false;
    }
  }

  /** DynamoDB does badly for one worker. */
  record BrownOut(int worker, Weather weather, double share, Duration lasting) implements Fault {}

  /** DynamoDB does badly for all of them. */
  record BlackOut(Weather weather, double share, Duration lasting) implements Fault {}
}
