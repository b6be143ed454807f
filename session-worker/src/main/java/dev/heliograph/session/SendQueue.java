package dev.heliograph.session;

import dev.heliograph.journal.SessionLog;
import dev.heliograph.journal.SessionStorage;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The messages that wait to be sent, in the order in which they were accepted. The rows decide:
 * what lies here was read from them.
 */
final class SendQueue {
  /** What is more than this is found by a later tick. */
  private static final int MOST = 1000;

  private static final Comparator<Message> ORDER =
      Comparator.comparing(Message::acceptedAt).thenComparing(message -> message.id().value());

  private final SessionLog log;
  private final SessionStorage storage;
  private final TreeSet<Message> waiting = new TreeSet<>(ORDER);

  SendQueue(SessionLog log, SessionStorage storage) {
    this.log = log;
    this.storage = storage;
  }

  /** Reads rows that are said to wait. */
  void look(List<MessageId> messages) throws InterruptedException {
    for (MessageId id : messages) {
      boolean known = waiting.stream().anyMatch(message -> message.id().equals(id));
      if (!known && log.state().unsettled(id).isEmpty()) {
        log.answered(() -> storage.message(id))
            .filter(message -> message.status() == MessageStatus.QUEUED)
            .ifPresent(waiting::add);
      }
    }
    while (waiting.size() > MOST) {
      waiting.pollLast();
    }
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** The first to be sent. */
  Optional<Message> first() {
    return waiting.isEmpty() ? Optional.empty() : Optional.of(waiting.first());
  }

  void remove(Message message) {
    waiting.remove(message);
  }

  /** Those whose deadline has passed, or that were accepted for another pairing than this one. */
  List<Message> dead(Instant now) {
    return waiting.stream()
        .filter(
            message ->
                message.deadline().isBefore(now)
                    || log.state().pairing().filter(message.pairing()::equals).isEmpty())
        .toList();
  }

  /** When the first deadline passes. */
  Optional<Instant> firstDeadline() {
    return waiting.stream().map(Message::deadline).min(Comparator.naturalOrder());
  }
}
