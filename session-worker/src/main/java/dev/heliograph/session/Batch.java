package dev.heliograph.session;

import dev.heliograph.journal.Step;
import dev.heliograph.message.Message;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.MessageStatus;
import dev.heliograph.whatsapp.Node;
import dev.heliograph.whatsapp.device.LidMapping;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stanzas that share an entry: the entry to be, and the acks and receipts that leave once it is
 * appended.
 */
final class Batch {
  private final Step step;
  private final List<Node> replies = new ArrayList<>();
  private final Set<MessageId> received = new HashSet<>();
  private final Map<MessageId, Integer> asked = new HashMap<>();
  private final Map<MessageId, Outbound> outbound = new HashMap<>();
  private List<LidMapping> told = List.of();
  private List<LidMapping> learnt = List.of();

  /** An outbound message as this batch leaves it. */
  record Outbound(Message row, MessageStatus status, @Nullable String error) {
    boolean mayRaiseTo(MessageStatus next) {
      boolean mayHaveBeenSent =
          status == MessageStatus.FAILED && Message.OUTCOME_UNKNOWN.equals(error);
      return mayHaveBeenSent
          ? MessageStatus.SENT.mayRaiseTo(next) && next != MessageStatus.FAILED
          : status.mayRaiseTo(next);
    }
  }

  Batch(Step step) {
    this.step = step;
  }

  /** Another one that has, so far, what this one has. */
  Batch copy() {
    Batch copy = new Batch(step.copy());
    copy.replies.addAll(replies);
    copy.received.addAll(received);
    copy.asked.putAll(asked);
    copy.outbound.putAll(outbound);
    copy.told = told;
    copy.learnt = learnt;
    return copy;
  }

  Step step() {
    return step;
  }

  void reply(Node node) {
    replies.add(node);
  }

  List<Node> replies() {
    return replies;
  }

  /** Notes that a message came in. */
  void received(MessageId message) {
    received.add(message);
  }

  boolean hasReceived(MessageId message) {
    return received.contains(message);
  }

  /** How often a message was asked for, by this batch alone. */
  Optional<Integer> asked(MessageId message) {
    return Optional.ofNullable(asked.get(message));
  }

  void asked(MessageId message, int count) {
    asked.put(message, count);
  }

  /** Notes mappings that have to be learnt in entries before this one: there may be thousands. */
  void told(List<LidMapping> mappings) {
    if (!mappings.equals(learnt)) {
      told = mappings;
    }
  }

  /** Those that are not learnt yet. */
  List<LidMapping> told() {
    return told;
  }

  /** Notes that these are in the journal. */
  void learnt(List<LidMapping> mappings) {
    learnt = mappings;
  }

  Optional<Outbound> outbound(MessageId message) {
    return Optional.ofNullable(outbound.get(message));
  }

  void outbound(MessageId message, Outbound as) {
    outbound.put(message, as);
  }
}
