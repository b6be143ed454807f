package dev.heliograph.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

class QueuesTest {
  @RegisterExtension static final LocalSqs sqs = LocalSqs.withAllQueues();

  @Test
  void whatIsReceivedTooOftenGoesToTheDeadLetterQueue() {
    QueueDefinition queue = Queues.commands(3);
    sqs.client().sendMessage(send -> send.queueUrl(sqs.url(queue)).messageBody("ring"));

    for (int receive = 1; receive <= queue.maxReceives(); receive++) receiveAndRelease(queue);

    assertThat(messagesIn(queue)).isEmpty();
    assertThat(messagesIn(Queues.COMMANDS_DEAD)).extracting(Message::body).containsExactly("ring");
  }

  @Test
  void eachHasItsVisibilityTimeout() {
    for (QueueDefinition queue : Queues.ALL) {
      assertThat(attributes(queue))
          .containsEntry(
              QueueAttributeName.VISIBILITY_TIMEOUT,
              Long.toString(queue.visibilityTimeout().toSeconds()));
    }
  }

  private static void receiveAndRelease(QueueDefinition queue) {
    for (Message message : messagesIn(queue)) {
      sqs.client()
          .changeMessageVisibility(
              change ->
                  change
                      .queueUrl(sqs.url(queue))
                      .receiptHandle(message.receiptHandle())
                      .visibilityTimeout(0));
    }
  }

  private static Iterable<Message> messagesIn(QueueDefinition queue) {
    return sqs.client().receiveMessage(receive -> receive.queueUrl(sqs.url(queue))).messages();
  }

  private static Map<QueueAttributeName, String> attributes(QueueDefinition queue) {
    return sqs.client()
        .getQueueAttributes(
            get ->
                get.queueUrl(sqs.url(queue)).attributeNames(QueueAttributeName.VISIBILITY_TIMEOUT))
        .attributes();
  }
}
