package dev.heliograph.simulation;

import dev.heliograph.instance.Desired;
import dev.heliograph.instance.Instance;
import dev.heliograph.journal.SessionStorage;
import dev.heliograph.message.Message;

class InMemoryStorageTest extends SessionStorageContract {
  private final InMemoryStorage tables = new InMemoryStorage();

  @Override
  SessionStorage storage() {
    return tables;
  }

  @Override
  void create(Instance instance) {
    tables.create(instance);
  }

  @Override
  void wish(Desired desired) {
    tables.wish(desired, now);
  }

  @Override
  void accept(Message message) {
    tables.accept(message);
  }
}
