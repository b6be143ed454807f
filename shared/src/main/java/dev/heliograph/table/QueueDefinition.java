package dev.heliograph.table;

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
   * Creates the queue, after its dead-letter queue. One that exists with these attributes is left
   * as it is.
   */
  public void create(SqsClient sqs, String prefix) {
    Map<QueueAttributeName, String> attributes = new HashMap<>();
    attributes.put(
        QueueAttributeName.VISIBILITY_TIMEOUT, Long.toString(visibilityTimeout.toSeconds()));
    if (deadLetterQueue != null) {
      attributes.put(
          QueueAttributeName.REDRIVE_POLICY, redrivePolicy(sqs, prefix + deadLetterQueue));
    }
    sqs.createQueue(create -> create.queueName(in(prefix)).attributes(attributes));
  }

  private String redrivePolicy(SqsClient sqs, String deadLetterQueue) {
    String url = sqs.getQueueUrl(get -> get.queueName(deadLetterQueue)).queueUrl();
    String arn =
        sqs.getQueueAttributes(
                get -> get.queueUrl(url).attributeNames(QueueAttributeName.QUEUE_ARN))
            .attributes()
            .get(QueueAttributeName.QUEUE_ARN);
    return """
    {"deadLetterTargetArn":"%s","maxReceiveCount":%d}\
    """
        .formatted(arn, maxReceives);
  }
}
