package dev.heliograph.simulation;

import dev.heliograph.journal.SessionStorage;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A rule of the design switched off, by storage that is not what it says.
 *
 * @param tables what does otherwise than DynamoDB
 * @param answers what a process is told, or asks, otherwise than it believes
 */
record Lie(Supplier<InMemoryStorage> tables, Answers answers) {
  static final Lie NONE = new Lie(InMemoryStorage::new, (scheduler, storage, atOnce) -> storage);

  /** Makes storage for one process. */
  @FunctionalInterface
  interface Answers {
    /**
     * What the process gets.
     *
     * @param storage over the network
     * @param atOnce the same without the network, for what happens while nobody waits
     */
    SessionStorage of(Scheduler scheduler, SessionStorage storage, SessionStorage atOnce);
  }

  static Lie ofTables(Supplier<InMemoryStorage> tables) {
    return new Lie(tables, NONE.answers());
  }

  static Lie ofAnswers(UnaryOperator<SessionStorage> answers) {
    return new Lie(InMemoryStorage::new, (scheduler, storage, atOnce) -> answers.apply(storage));
  }

  /** For one process: its calls go to {@code watched}, over a network. */
  SessionStorage storage(
      Scheduler scheduler, SessionStorage watched, UnaryOperator<SessionStorage> network) {
    return answers.of(scheduler, network.apply(watched), watched);
  }
}
