package dev.heliograph.session;

import dev.heliograph.journal.SessionClock;
import dev.heliograph.journal.SessionLog;
import dev.heliograph.journal.SessionStorage;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The messages that wait to be sent, in the order in which they were accepted. The rows decide:
 * what lies here was read from them.
 */
final class SendQueue {
  /** What is more than this is found by a later tick. */
  static final int MOST = 1000;

  private static final Comparator<Message> ORDER =
      Comparator.comparing(Message::acceptedAt).thenComparing(message -> message.id().value());

  private final SessionLog log;
  private final SessionStorage storage;
  private final SessionClock clock;
  private final Map<MessageId, Instant> postponed = new HashMap<>();
  private final TreeSet<Message> waiting = new TreeSet<>(ORDER);
  private final Set<MessageId> ids = new HashSet<>();

  SendQueue(SessionLog log, SessionStorage storage, SessionClock clock) {
    this.log = log;
    this.storage = storage;
    this.clock = clock;
  }

  /**
   * Reads rows that are said to wait. They are named in the order in which they were accepted: once
   * as many wait as may, the first of a later one says that the others need not be read.
   */
  void look(List<MessageId> messages) throws InterruptedException {
    for (MessageId id : messages) {
      if (ids.contains(id) || log.state().unsettled(id).isPresent()) {
        continue;
      }
      Optional<Message> row =
          log.answered(() -> storage.message(id))
              .filter(message -> message.status() == MessageStatus.QUEUED);
      row.ifPresent(this::add);
      if (waiting.size() > MOST) {
        Message last = waiting.last();
        remove(last);
        if (last.id().equals(id)) {
          return;
        }
      }
    }
  }

  /**
   * Has those wait again that WhatsApp has refused, and those no more that came through after all.
   */
  void lookAtRefused() throws InterruptedException {
    List<MessageId> refused = log.state().refused();
    for (MessageId id : refused) {
      if (!ids.contains(id)) {
        log.answered(() -> storage.message(id)).ifPresent(this::add);
      }
    }
    waiting.stream()
        .filter(message -> message.status() != MessageStatus.QUEUED)
        .filter(message -> !refused.contains(message.id()))
        .toList()
        .forEach(this::remove);
  }

  private void add(Message message) {
    waiting.add(message);
    ids.add(message.id());
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** The first that may be sent now. */
  Optional<Message> first() {
    return waiting.stream().filter(message -> !isPostponed(message)).findFirst();
  }

  private boolean isPostponed(Message message) {
    Instant until = postponed.get(message.id());
    return until != null && until.isAfter(clock.now());
  }

  /** Lets the others go first for a while: nothing can be sent to this one's recipient now. */
  void postpone(Message message, Duration by) {
    postponed.put(message.id(), clock.now().plus(by));
  }

  void remove(Message message) {
    waiting.remove(message);
    ids.remove(message.id());
    postponed.remove(message.id());
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

  /** When the first deadline passes, or the first that was postponed may be tried again. */
  Optional<Instant> nextChange() {
    return Stream.concat(
            waiting.stream().map(Message::deadline),
            postponed.values().stream().filter(until -> until.isAfter(clock.now())))
        .min(Comparator.naturalOrder());
  }
}
