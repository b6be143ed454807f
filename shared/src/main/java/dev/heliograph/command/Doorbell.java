package dev.heliograph.command;

import dev.heliograph.instance.InstanceId;
import dev.heliograph.message.QueuePlace;
import dev.heliograph.table.Queues;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Tells the owner of a shard to look at an instance. The rows say what is to be done: a ring that
 * is lost costs a tick, one that comes twice a look in vain.
 */
public final class Doorbell {
  private static final Logger log = LoggerFactory.getLogger(Doorbell.class);

  private final SqsClient sqs;
  private final String prefix;
  private final Map<Integer, String> urls = new ConcurrentHashMap<>();

  /** Over the deployment whose queues start with {@code prefix}. */
  public Doorbell(SqsClient sqs, String prefix) {
    this.sqs = sqs;
    this.prefix = prefix;
  }

  /** Has an instance's row looked at; never fails, for what is asked is in the row already. */
  public void ring(InstanceId instance, int shard) {
    ring(new Ring(instance, Optional.empty()), shard);
  }

  /** Has the row of a message looked at that waits to be sent; never fails. */
  public void ring(InstanceId instance, int shard, QueuePlace message) {
    ring(new Ring(instance, Optional.of(message)), shard);
  }

  /** Learns where a shard's queue is, which its first ring has to otherwise. */
  public void find(int shard) {
    url(shard);
  }

  private void ring(Ring ring, int shard) {
    try {
      sqs.sendMessage(send -> send.queueUrl(url(shard)).messageBody(ring.toJson()));
    } catch (SdkException unheard) {
      log.atWarn().addKeyValue("instance", ring.instance()).setCause(unheard).log("ring lost");
    }
  }

  private String url(int shard) {
    String known = urls.get(shard);
    if (known == null) {
      // Not within the map, which would hold up others for as long as SQS takes.
      known = sqs.getQueueUrl(get -> get.queueName(Queues.commands(shard).in(prefix))).queueUrl();
      urls.put(shard, known);
    }
    return known;
  }
}
