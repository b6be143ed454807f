package dev.heliograph.event;

import dev.heliograph.instance.InstanceId;
import dev.heliograph.instance.Instances;
import dev.heliograph.journal.Journal;
import dev.heliograph.journal.PublicEntry;
import dev.heliograph.webhook.DeliveryQueue;
import dev.heliograph.webhook.DeliveryRing;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fans out from the journal itself what its stream has lost: a stream forgets after a day. What was
 * fanned out before stays as it is, so that it may begin too early and be run twice.
 */
public final class FanoutAgain {
  private static final Logger log = LoggerFactory.getLogger(FanoutAgain.class);

  private final Instances instances;
  private final Journal journal;
  private final EventFanout fanout;
  private final DeliveryQueue queue;

  /** With everything given. */
  public FanoutAgain(
      Instances instances, Journal journal, EventFanout fanout, DeliveryQueue queue) {
    this.instances = instances;
    this.journal = journal;
    this.fanout = fanout;
    this.queue = queue;
  }

  /** Fans out all that has become public since then. */
  public void since(Instant since) {
    var _ = since(since, null, () -> true);
  }

  /**
   * Fans out what has become public since then, instance by instance.
   *
   * @param after the instance after which to begin; null for the first one
   * @param hasTime asked before each instance whether to go on
   * @return the last instance that is done; nothing if all of them are
   */
  Optional<InstanceId> since(Instant since, @Nullable InstanceId after, BooleanSupplier hasTime) {
    log.atInfo().addKeyValue("since", since).log("fan-out runs again");
    InstanceId done = after;
    List<InstanceId> page = instances.ids(done);
    while (!page.isEmpty()) {
      for (InstanceId instance : page) {
        if (!hasTime.getAsBoolean()) {
          return Optional.ofNullable(done);
        }
        fanOut(instance, since);
        done = instance;
      }
      page = instances.ids(done);
    }
    return Optional.empty();
  }

  private void fanOut(InstanceId instance, Instant since) {
    EventFanout.Batch batch = fanout.batch();
    Iterator<PublicEntry> entries = journal.publishedSince(instance, since).iterator();
    while (entries.hasNext()) {
      ring(batch.fanOut(entries.next()));
    }
  }

  /** One that SQS does not take is rung for by the janitor, like any that is lost. */
  private void ring(List<DeliveryRing> rings) {
    var _ = queue.ring(rings);
  }
}
