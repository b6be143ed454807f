package dev.heliograph.session;

import dev.heliograph.instance.PhoneNumber;
import dev.heliograph.journal.SessionClock;
import dev.heliograph.journal.SessionLog;
import dev.heliograph.journal.SessionStorage;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageStatus;
import dev.heliograph.message.QueuePlace;
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
  /** So many rows are read before it is their turn: to some recipients nothing can be sent now. */
  private static final int READ_AHEAD = 32;

  /** With those that are postponed. */
  private static final int MOST = 1000;

  private final SessionLog log;
  private final SessionStorage storage;
  private final SessionClock clock;
  private final Map<PhoneNumber, Instant> postponed = new HashMap<>();
  private final TreeSet<Message> waiting = new TreeSet<>(Comparator.comparing(Message::place));
  private final Set<MessageId> ids = new HashSet<>();
  private final TreeSet<QueuePlace> unread = new TreeSet<>();

  SendQueue(SessionLog log, SessionStorage storage, SessionClock clock) {
    this.log = log;
    this.storage = storage;
    this.clock = clock;
  }

  /** Notes messages that are said to wait. */
  void look(List<QueuePlace> messages) {
    messages.stream().filter(place -> !isKnown(place.id())).forEach(unread::add);
    Mail.Look.trim(unread);
  }

  private boolean isKnown(MessageId id) {
    return ids.contains(id) || log.state().unsettled(id).isPresent();
  }

  /** Reads the rows of those whose turn comes soon. */
  void read() throws InterruptedException {
    while (!unread.isEmpty() && hasRoomFor(unread.first())) {
      MessageId id = unread.first().id();
      Optional<Message> row =
          isKnown(id) ? Optional.empty() : log.answered(() -> storage.message(id));
      unread.pollFirst();
      row.filter(message -> message.status() == MessageStatus.QUEUED).ifPresent(this::add);
    }
  }

  /** One that was named late takes the place of the last that has been read. */
  private boolean hasRoomFor(QueuePlace place) {
    boolean hasLater = true;
    while (hasLater && !hasRoom()) {
      hasLater = putBackAfter(place);
    }
    return hasRoom();
  }

  /** Has the last one wait unread again, if it comes after this place. */
  private boolean putBackAfter(QueuePlace place) {
    Optional<Message> later =
        waiting.descendingSet().stream()
            .filter(message -> message.status() == MessageStatus.QUEUED)
            .findFirst()
            .filter(last -> last.place().compareTo(place) > 0);
    later.ifPresent(
        message -> {
          remove(message);
          unread.add(message.place());
        });
    return later.isPresent();
  }

  private boolean hasRoom() {
    return waiting.size() < MOST
        && waiting.stream().filter(message -> !isPostponed(message)).count() < READ_AHEAD;
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

  /** All that wait. */
  List<QueuePlace> all() {
    return Stream.concat(waiting.stream().map(Message::place), unread.stream()).toList();
  }

  /** Whether there is one for this recipient among those that were read. */
  boolean hasFor(PhoneNumber recipient) {
    return waiting.stream().anyMatch(message -> message.to().equals(recipient));
  }

  boolean isEmpty() {
    return waiting.isEmpty() && unread.isEmpty();
  }

  /** The first that may be sent now. */
  Optional<Message> first() {
    return waiting.stream().filter(message -> !isPostponed(message)).findFirst();
  }

  private boolean isPostponed(Message message) {
    Instant until = postponed.get(message.to());
    return until != null && until.isAfter(clock.now());
  }

  /** Lets those to others go first for a while: nothing can be sent to this one's recipient now. */
  void postpone(Message message, Duration by) {
    postponed.values().removeIf(until -> !until.isAfter(clock.now()));
    postponed.put(message.to(), clock.now().plus(by));
  }

  void remove(Message message) {
    waiting.remove(message);
    ids.remove(message.id());
  }

  /** Those whose deadline has passed, or that were accepted for another pairing than this one. */
  List<Message> dead(Instant now) {
    return waiting.stream()
        .filter(
            message ->
                message.isLate(now)
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
