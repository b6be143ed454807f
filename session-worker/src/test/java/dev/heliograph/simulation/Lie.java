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
record Lie(Supplier<InMemoryStorage> tables, UnaryOperator<SessionStorage> answers) {
  static final Lie NONE = new Lie(InMemoryStorage::new, UnaryOperator.identity());

  static Lie ofTables(Supplier<InMemoryStorage> tables) {
    return new Lie(tables, UnaryOperator.identity());
  }

  static Lie ofAnswers(UnaryOperator<SessionStorage> answers) {
    return new Lie(InMemoryStorage::new, answers);
  }
}
