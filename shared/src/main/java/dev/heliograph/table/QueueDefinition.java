package dev.heliograph.table;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * A standard queue.
 *
 * @param name without the deployment's prefix
 * @param deadLetterQueue the name, without prefix, of the queue for what is received more than
 *     {@code maxReceives} times
 */
public record QueueDefinition(
    String name, Duration visibilityTimeout, @Nullable String deadLetterQueue, int maxReceives) {

  /** The queue's name in a deployment. */
  public String in(String prefix) {
    return prefix + name;
  }

  /**
   * Creates the queue. One that exists with these attributes is left as it is.
   *
   * @param deadLetterArn the dead-letter queue's ARN; null for a queue without one
   */
  void create(SqsClient sqs, String prefix, @Nullable String deadLetterArn) {
    Map<QueueAttributeName, String> attributes = new HashMap<>();
    attributes.put(
        QueueAttributeName.VISIBILITY_TIMEOUT, Long.toString(visibilityTimeout.toSeconds()));
    if (deadLetterArn != null) {
      attributes.put(
          QueueAttributeName.REDRIVE_POLICY,
          """
          {"deadLetterTargetArn":"%s","maxReceiveCount":%d}\
          """
              .formatted(deadLetterArn, maxReceives));
    }
    sqs.createQueue(create -> create.queueName(in(prefix)).attributes(attributes));
  }

  /** The queue's ARN, once it is there. */
  String arn(SqsClient sqs, String prefix) {
    String url = sqs.getQueueUrl(get -> get.queueName(in(prefix))).queueUrl();
    return requireNonNull(
        sqs.getQueueAttributes(
                get -> get.queueUrl(url).attributeNames(QueueAttributeName.QUEUE_ARN))
            .attributes()
            .get(QueueAttributeName.QUEUE_ARN));
  }
}
