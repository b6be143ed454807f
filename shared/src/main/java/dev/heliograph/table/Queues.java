package dev.heliograph.table;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Every queue there is. {@code template.yaml} says the same, and a test compares the two. */
public final class Queues {
  /** How many shards a deployment has: a bucket of instances with one command queue each. */
  public static final int SHARDS = 16;

  /** Rings that were received in vain: their rows are found by the next tick all the same. */
  public static final QueueDefinition COMMANDS_DEAD =
      new QueueDefinition("commands-dead", Duration.ofSeconds(30), null, 0);

  /** One row to deliver per message. */
  public static final QueueDefinition WEBHOOK_DELIVERIES =
      new QueueDefinition(
          "webhook-deliveries", Duration.ofMinutes(3), "webhook-deliveries-dead", 5);

  /** Deliveries whose handler failed, time after time, without saying so on their rows. */
  public static final QueueDefinition WEBHOOK_DELIVERIES_DEAD =
      new QueueDefinition("webhook-deliveries-dead", Duration.ofSeconds(30), null, 0);

  /** Where the stream's event-source mapping leaves the positions it gave up on. */
  public static final QueueDefinition EVENT_FANOUT_DEAD =
      new QueueDefinition("event-fanout-dead", Duration.ofSeconds(30), null, 0);

  /** All of them. */
  public static final List<QueueDefinition> ALL =
      Stream.concat(
              IntStream.range(0, SHARDS).mapToObj(Queues::commands),
              Stream.of(
                  COMMANDS_DEAD, WEBHOOK_DELIVERIES, WEBHOOK_DELIVERIES_DEAD, EVENT_FANOUT_DEAD))
          .toList();

  private Queues() {}

  /** The doorbell of a shard's owner. */
  public static QueueDefinition commands(int shard) {
    return new QueueDefinition(
        "commands-" + shard, Duration.ofSeconds(30), COMMANDS_DEAD.name(), 10);
  }

  /** Creates queues; what has a dead-letter queue comes after it, which is among them. */
  public static void create(SqsClient sqs, String prefix, List<QueueDefinition> queues) {
    Map<String, String> arns = new HashMap<>();
    for (QueueDefinition queue : queues) {
      if (queue.deadLetterQueue() != null) continue;
      queue.create(sqs, prefix, null);
      arns.put(queue.name(), queue.arn(sqs, prefix));
    }
    for (QueueDefinition queue : queues) {
      String deadLetterQueue = queue.deadLetterQueue();
      if (deadLetterQueue == null) continue;
      queue.create(sqs, prefix, requireNonNull(arns.get(deadLetterQueue), deadLetterQueue));
    }
  }
}
