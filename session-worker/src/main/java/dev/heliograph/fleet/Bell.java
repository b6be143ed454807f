package dev.heliograph.fleet;

import dev.heliograph.command.Ring;
import dev.heliograph.instance.InstanceId;
import dev.heliograph.message.QueuePlace;
import dev.heliograph.table.Queues;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;

/** Listens to the command queue of one shard, on a thread of its own, as long as it is held. */
final class Bell implements Runnable {
  private static final int LONG_POLL_SECONDS = 20;
  private static final int BATCH = 10;

  /**
   * For so long a ring is hidden from others. Whoever has just let the shard go, or died, still has
   * a poll under way and gets one: it is not to be lost until the next tick.
   */
  private static final int HIDDEN_SECONDS = 2;

  private static final long PAUSE_AFTER_FAILURE = 1000;

  private static final Logger log = LoggerFactory.getLogger(Bell.class);

  private final int shard;
  private final SqsClient sqs;
  private final String prefix;
  private final Listener listener;
  private final BooleanSupplier isHeld;
  private final RareWarning notHeard;

  /** Whom rings are for. */
  @FunctionalInterface
  interface Listener {
    /** As {@link ShardKeeper#ring}. */
    void ring(int shard, Map<InstanceId, List<QueuePlace>> named);
  }

  Bell(
      int shard,
      SqsClient sqs,
      String prefix,
      Listener listener,
      BooleanSupplier isHeld,
      RareWarning notHeard) {
    this.shard = shard;
    this.sqs = sqs;
    this.prefix = prefix;
    this.listener = listener;
    this.isHeld = isHeld;
    this.notHeard = notHeard;
  }

  /** For the bells of all shards: they fall silent together. */
  static RareWarning notHeard() {
    return new RareWarning(log, "bell not heard");
  }

  @Override
  public void run() {
    String url = null;
    while (isHeld.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
      try {
        if (url == null) {
          String name = Queues.commands(shard).in(prefix);
          url = sqs.getQueueUrl(get -> get.queueName(name)).queueUrl();
        }
        listen(url);
      } catch (AbortedException ended) {
        return;
      } catch (SdkException unheard) {
        notHeard.of(shard, unheard);
        if (!pause()) {
          return;
        }
      } catch (RuntimeException defect) {
        // The edge of a ring: it comes again, and the tick looks in any case.
        log.atError().addKeyValue("shard", shard).setCause(defect).log("ring failed");
        if (!pause()) {
          return;
        }
      }
    }
  }

  private static boolean pause() {
    try {
      Thread.sleep(PAUSE_AFTER_FAILURE);
      return true;
    } catch (InterruptedException ended) {
      return false;
    }
  }

  private void listen(String url) {
    List<Message> messages =
        sqs.receiveMessage(
                receive ->
                    receive
                        .queueUrl(url)
                        .maxNumberOfMessages(BATCH)
                        .visibilityTimeout(HIDDEN_SECONDS)
                        .waitTimeSeconds(LONG_POLL_SECONDS))
            .messages();
    if (messages.isEmpty()) {
      return;
    }
    Map<InstanceId, List<QueuePlace>> rings = new LinkedHashMap<>();
    for (Message message : messages) {
      Ring.parse(message.body())
          .ifPresent(
              ring -> {
                List<QueuePlace> named =
                    rings.computeIfAbsent(ring.instance(), absent -> new ArrayList<>());
                ring.message().ifPresent(named::add);
              });
    }
    if (!isHeld.getAsBoolean()) {
      return; // it is for the next owner
    }
    listener.ring(shard, rings);
    // The rows say what was asked: a ring that is heard has done its work.
    sqs.deleteMessageBatch(
        delete ->
            delete
                .queueUrl(url)
                .entries(
                    messages.stream()
                        .map(
                            message ->
                                DeleteMessageBatchRequestEntry.builder()
                                    .id(message.messageId())
                                    .receiptHandle(message.receiptHandle())
                                    .build())
                        .toList()));
  }
}
