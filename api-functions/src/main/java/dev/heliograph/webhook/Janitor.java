package dev.heliograph.webhook;

import dev.heliograph.command.Doorbell;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.message.Messages;
import dev.heliograph.message.QueuedMessage;
import dev.heliograph.table.Queues;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rings again for what is in a row and was not worked on: deliveries whose time has come or whose
 * queue message was lost, and messages that still wait to be sent. It settles nothing.
 */
public final class Janitor {
  private static final Logger log = LoggerFactory.getLogger(Janitor.class);

  /** A minute's worth: what is left is swept a minute later. */
  private static final int DELIVERIES_PER_BUCKET = 500;

  /** A message that waits for longer than this was not heard of, or its instance is down. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** A tick, and a take-over before it. */
  private static final Duration SETTLING = Duration.ofMinutes(2);

  private final Deliveries deliveries;
  private final DeliveryQueue queue;
  private final Messages messages;
  private final Doorbell doorbell;
  private final InstantSource clock;

  /** With everything given. */
  public Janitor(
      Deliveries deliveries,
      DeliveryQueue queue,
      Messages messages,
      Doorbell doorbell,
      InstantSource clock) {
    this.deliveries = deliveries;
    this.queue = queue;
    this.messages = messages;
    this.doorbell = doorbell;
    this.clock = clock;
  }

  /**
   * To be called each minute; twice at a time does no harm. What fails keeps nothing else from
   * being rung for, and is thrown at the end.
   *
   * @return how many messages are past their deadline for so long that their shard's worker should
   *     have settled them
   */
  public long sweep() {
    LongAdder overdue = new LongAdder();
    List<RuntimeException> failures = new ArrayList<>();
    attempt(this::ringForDeliveries, failures);
    for (int shard = 0; shard < Queues.SHARDS; shard++) {
      int each = shard;
      attempt(() -> overdue.add(ringForMessages(each)), failures);
    }
    if (!failures.isEmpty()) {
      RuntimeException first = failures.removeFirst();
      failures.forEach(first::addSuppressed);
      throw first;
    }
    return overdue.sum();
  }

  private static void attempt(Runnable part, List<RuntimeException> failures) {
    try {
      part.run();
    } catch (RuntimeException failure) {
      failures.add(failure);
    }
  }

  /**
   * Rings for every delivery that the queue should know of, each at its time. To be called where
   * the queue has lost its messages, as one does that was only in memory, and all who had got some
   * are gone with it: a {@link #sweep} finds them too, but minutes later.
   */
  public void ringAgain() {
    deliveries
        .rungFor()
        .forEach((delivery, delay) -> queue.ringAfter(delay, deliveries.ringInstead(delivery)));
  }

  private void ringForDeliveries() {
    List<DeliveryRing> due =
        deliveries.due(DELIVERIES_PER_BUCKET).stream().map(DeliveryRing::of).toList();
    Set<DeliveryRing> refused = queue.ring(due);
    // In this order: a ring that comes twice is in vain, one that never comes is a lost delivery.
    List<DeliveryRing> rung = new ArrayList<>(due);
    rung.removeAll(refused);
    rung.forEach(ring -> deliveries.rung(ring.delivery()));
    if (!due.isEmpty()) {
      log.atInfo()
          .addKeyValue("rung", rung.size())
          .addKeyValue("refused", refused.size())
          .log("deliveries were due");
    }
  }

  private long ringForMessages(int shard) {
    Instant now = clock.instant();
    Set<InstanceId> waiting = new LinkedHashSet<>();
    long overdue = 0;
    for (QueuedMessage message : messages.queued(shard)) {
      // Past its deadline it waits for nothing but a worker's next tick.
      boolean unheard = message.acceptedAt().plus(PATIENCE).isBefore(now);
      if (unheard && now.isBefore(message.deadline())) {
        waiting.add(message.instance());
      }
      if (message.deadline().plus(SETTLING).isBefore(now)) {
        overdue++;
      }
    }
    waiting.forEach(instance -> doorbell.ring(instance, shard));
    return overdue;
  }
}
