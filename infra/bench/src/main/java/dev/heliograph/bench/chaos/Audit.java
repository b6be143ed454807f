package dev.heliograph.bench.chaos;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toUnmodifiableMap;

import dev.heliograph.bench.chaos.Inbox.Event;
import dev.heliograph.bench.chaos.Ledger.Direction;
import dev.heliograph.bench.chaos.Ledger.Entry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * Holds what was sent against what the phones show and what came by webhook. A phone counts what it
 * shows, and the webhooks count distinct events: that a request comes again is in their nature.
 * What Baileys does with a message that it is given again is counted apart.
 */
final class Audit {
  private static final List<String> OUTCOMES = List.of("message.sent", "message.delivered");

  private final Ledger ledger;
  private final Phones phones;
  private final Map<String, BaileysAudit> baileys;
  private final FaultLog faults;
  private final Collection<Event> events;
  private final Map<String, Map<String, Long>> bySubject;
  private final List<String> findings = new ArrayList<>();
  private final long lost;
  private final long lostCopies;
  private final long lostEvents;
  private final long lostOnBaileys;
  private final long doubled;
  private final long doubledEvents;
  private final long spurious;
  private final long gaps;

  /**
   * Counts.
   *
   * @param dedup whether the server drops a message that comes again under its id
   */
  Audit(Ledger ledger, Inbox inbox, Phones phones, FaultLog faults, boolean dedup) {
    this.ledger = ledger;
    this.phones = phones;
    baileys =
        phones.baileys().entrySet().stream()
            .collect(
                toUnmodifiableMap(
                    Map.Entry::getKey, screen -> new BaileysAudit(screen.getValue(), dedup)));
    this.faults = faults;
    events = List.copyOf(inbox.events());
    bySubject =
        events.stream()
            .filter(event -> !event.subject().isEmpty())
            .collect(groupingBy(Event::type, groupingBy(Event::subject, counting())));
    lost = countLost();
    lostCopies = countLostCopies();
    lostEvents = countLostEvents();
    lostOnBaileys = countLostOnBaileys();
    doubled =
        excess("shown twice", phones.shown())
            + excess("copied twice", phones.copies())
            + ofBaileys(screen -> excess("shown twice by Baileys", screen.texts()));
    doubledEvents = countDoubledEvents();
    spurious = countSpurious();
    gaps = countGaps();
  }

  private long ofBaileys(ToLongFunction<BaileysAudit> figure) {
    return baileys.values().stream().mapToLong(figure).sum();
  }

  private long count(String type, String subject) {
    return bySubject.getOrDefault(type, Map.of()).getOrDefault(subject, 0L);
  }

  private List<Entry> accepted(Direction direction) {
    return ledger.accepted().values().stream()
        .filter(entry -> entry.direction() == direction)
        .toList();
  }

  /** Sent, and not told to have failed. */
  private List<Entry> delivered() {
    return accepted(Direction.OUT).stream()
        .filter(entry -> count("message.failed", entry.text()) == 0)
        .toList();
  }

  private boolean found(String what, Entry entry) {
    return findings.add("%s: %s of %s".formatted(what, entry.text(), entry.number().instance()));
  }

  private long countLost() {
    long out =
        delivered().stream()
            .filter(entry -> !phones.shown().containsKey(entry.text()))
            .filter(entry -> found("not shown", entry))
            .count();
    long in =
        accepted(Direction.IN).stream()
            .filter(entry -> count("message.received", entry.text()) == 0)
            .filter(entry -> found("not received", entry))
            .count();
    return out + in;
  }

  private long countLostCopies() {
    return delivered().stream()
        .filter(entry -> !phones.copies().containsKey(entry.text()))
        .filter(entry -> found("no copy", entry))
        .count();
  }

  private long countLostEvents() {
    return OUTCOMES.stream()
        .mapToLong(
            type ->
                delivered().stream()
                    .filter(entry -> count(type, entry.text()) == 0)
                    .filter(entry -> found("no " + type, entry))
                    .count())
        .sum();
  }

  private long countLostOnBaileys() {
    return delivered().stream()
        .filter(
            entry -> {
              BaileysAudit screen = baileys.get(entry.friend());
              return screen != null && !screen.texts().containsKey(entry.text());
            })
        .filter(entry -> found("not shown by Baileys", entry))
        .count();
  }

  private long excess(String what, Map<String, Integer> times) {
    long excess = 0;
    for (Map.Entry<String, Integer> text : times.entrySet()) {
      if (text.getValue() > 1) findings.add(what + ": " + text);
      excess += text.getValue() - 1;
    }
    return excess;
  }

  private long countDoubledEvents() {
    long excess = 0;
    for (Map.Entry<String, Map<String, Long>> type : bySubject.entrySet()) {
      for (Map.Entry<String, Long> subject : type.getValue().entrySet()) {
        if (subject.getValue() > 1)
          findings.add("%s more than once: %s".formatted(type.getKey(), subject));
        excess += subject.getValue() - 1;
      }
    }
    return excess;
  }

  private Map<String, List<Event>> byInstance() {
    return events.stream()
        .sorted(Comparator.comparing(Event::sequence))
        .collect(groupingBy(Event::instance));
  }

  /** What a customer heard of an instance's status that no cut of its connection explains. */
  private long countSpurious() {
    long spurious = 0;
    for (Map.Entry<String, List<Event>> instance : byInstance().entrySet()) {
      int explained = faults.cuts(instance.getKey());
      Map<String, Integer> seen = new HashMap<>();
      for (Event event : sincePaired(instance.getValue())) {
        if (seen.merge(event.type(), 1, Integer::sum) > explained) {
          spurious++;
          findings.add(
              "status: %s (%s) of %s at %s"
                  .formatted(event.type(), event.reason(), event.instance(), event.timestamp()));
        }
      }
    }
    return spurious;
  }

  private static List<Event> sincePaired(List<Event> events) {
    return events.stream()
        .filter(Event::isStatus)
        .dropWhile(event -> !event.type().equals("instance.connected"))
        .skip(1)
        .toList();
  }

  /** Numbers that no event has, or more than one. */
  private long countGaps() {
    long gaps = 0;
    for (Map.Entry<String, List<Event>> instance : byInstance().entrySet()) {
      Set<Long> sequences = new HashSet<>();
      long last = 0;
      for (Event event : instance.getValue()) {
        if (!sequences.add(event.sequence())) gaps++;
        last = Math.max(last, event.sequence());
      }
      long missing = last - sequences.size();
      if (missing > 0)
        findings.add("%d events missing of %s".formatted(missing, instance.getKey()));
      gaps += missing;
    }
    return gaps;
  }

  /** But for those about repeats; each is counted where it was sent and where it came. */
  private long retryReceipts() {
    return phones.retryReceipts() - 2 * ofBaileys(BaileysAudit::retriesOfRepeats);
  }

  private long defects() {
    return phones.defects().values().stream().mapToLong(Integer::longValue).sum()
        - ofBaileys(BaileysAudit::repeatsAnsweredTwice);
  }

  private long countType(String type) {
    return events.stream().filter(event -> event.type().equals(type)).count();
  }

  private long failed(boolean unknown) {
    return events.stream()
        .filter(event -> event.type().equals("message.failed"))
        .filter(event -> event.reason().equals("outcome_unknown") == unknown)
        .filter(event -> findings.add("failed (%s): %s".formatted(event.reason(), event.subject())))
        .count();
  }

  /** How much is still to come, if it is. */
  long outstanding() {
    return lost + lostCopies + lostOnBaileys + lostEvents + gaps + phones.unread();
  }

  /** What to look at, one line for each case. */
  List<String> findings() {
    return findings;
  }

  List<Figure> figures() {
    return List.of(
        Figure.of("texts sent by numbers", accepted(Direction.OUT).size()),
        Figure.of("texts sent to numbers", accepted(Direction.IN).size()),
        Figure.of("texts never accepted", ledger.refused().size()),
        Figure.of("shown by phones", phones.shown().keySet().stream().filter(Audit::isOut).count()),
        Figure.of(
            "received by webhook", bySubject.getOrDefault("message.received", Map.of()).size()),
        Figure.zero("lost", lost),
        Figure.zero("lost on the sender's own phone", lostCopies),
        Figure.zero("lost on Baileys", lostOnBaileys),
        Figure.zero("lost message.sent, message.delivered", lostEvents),
        Figure.zero("doubled on phones", doubled),
        Figure.zero("doubled by webhook", doubledEvents),
        Figure.zero(
            "undecryptable",
            phones.undecryptable()
                + ofBaileys(BaileysAudit::undecryptable)
                + countType("message.undecryptable")
                + countType("message.unsupported")),
        Figure.zero("retry receipts", retryReceipts()),
        Figure.zero("spurious status events", spurious),
        Figure.zero("gaps in the events' sequence", gaps),
        Figure.zero("failed", failed(false)),
        Figure.zero("outcome unknown", failed(true)),
        Figure.zero("defects that the sandbox counted", defects()),
        Figure.of("ciphertexts that a phone was given again", phones.duplicates()),
        Figure.of(
            "Baileys: what it was given again and could not read",
            ofBaileys(BaileysAudit::unreadableRepeats)),
        Figure.of(
            "Baileys: what it was given again and asked for",
            ofBaileys(BaileysAudit::retriesOfRepeats)),
        Figure.of(
            "Baileys: what it was given again and showed once more",
            ofBaileys(BaileysAudit::shownRepeats)),
        Figure.of(
            "Baileys: what it was given again and acked after its receipt",
            ofBaileys(BaileysAudit::repeatsAnsweredTwice)));
  }

  private static boolean isOut(String text) {
    return text.startsWith(Direction.OUT.name());
  }
}
