package dev.heliograph.local.eventsource;

import static java.util.Objects.requireNonNull;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.heliograph.local.function.LocalFunction;
import dev.heliograph.local.function.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * Lambda's mapping of a standard queue to a function with {@code ReportBatchItemFailures}: what the
 * function has done is deleted, what it reports as failed comes again, and when it throws or
 * answers what makes no sense, all of the batch does. After too many receives the queue's redrive
 * policy moves a message to the dead-letter queue.
 *
 * <p>A failed message comes again after a second, then two, four and so on up to the queue's
 * visibility timeout, where Lambda would always wait for that.
 */
public final class QueueMapping implements AutoCloseable {
  private static final int BATCH = 10;
  private static final int LONG_POLL_SECONDS = 20;
  // Lambda begins with as many and scales up from there.
  private static final int CONCURRENT_BATCHES = 5;

  private final SqsClient sqs;
  private final String url;
  private final String arn;
  private final Duration visibilityTimeout;
  private final LocalFunction<SQSEvent, SQSBatchResponse> function;
  private final List<Poller> pollers;

  private QueueMapping(
      SqsClient sqs, String url, LocalFunction<SQSEvent, SQSBatchResponse> function) {
    this.sqs = sqs;
    this.url = url;
    this.function = function;
    arn = attribute(QueueAttributeName.QUEUE_ARN);
    visibilityTimeout =
        Duration.ofSeconds(Long.parseLong(attribute(QueueAttributeName.VISIBILITY_TIMEOUT)));
    pollers =
        IntStream.range(0, CONCURRENT_BATCHES)
            .mapToObj(number -> Poller.start(function.name() + "-" + number, this::poll))
            .toList();
  }

  /** Polls until it is closed. */
  public static QueueMapping start(
      SqsClient sqs, String url, LocalFunction<SQSEvent, SQSBatchResponse> function) {
    return new QueueMapping(sqs, url, function);
  }

  /** Receives nothing more, and interrupts what is not done soon: its messages come again. */
  @Override
  public void close() {
    pollers.forEach(Poller::close);
  }

  private String attribute(QueueAttributeName name) {
    return requireNonNull(
        sqs.getQueueAttributes(get -> get.queueUrl(url).attributeNames(name))
            .attributes()
            .get(name));
  }

  private void poll(Poller poller) throws InterruptedException {
    List<Message> batch =
        sqs.receiveMessage(
                receive ->
                    receive
                        .queueUrl(url)
                        .maxNumberOfMessages(BATCH)
                        .waitTimeSeconds(LONG_POLL_SECONDS)
                        .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                        .messageAttributeNames("All"))
            .messages();
    if (!batch.isEmpty()) poller.handle(() -> handle(batch));
  }

  private void handle(List<Message> batch) throws InterruptedException {
    Set<String> failed = failedOf(batch, function.invoke(QueueEvent.of(batch, arn)));
    delete(batch.stream().filter(message -> !failed.contains(message.messageId())).toList());
    release(batch.stream().filter(message -> failed.contains(message.messageId())).toList());
  }

  /** The ids of the messages that are to come again. */
  private static Set<String> failedOf(List<Message> batch, Outcome<SQSBatchResponse> outcome) {
    Set<String> all = batch.stream().map(Message::messageId).collect(Collectors.toSet());
    return switch (outcome) {
      case Outcome.Returned(var response) -> reported(response, all);
      case Outcome.Failed<?> _, Outcome.TimedOut<?> _ -> all;
    };
  }

  private static Set<String> reported(@Nullable SQSBatchResponse response, Set<String> all) {
    if (response == null || response.getBatchItemFailures() == null) return Set.of();
    Set<String> reported =
        response.getBatchItemFailures().stream()
            .map(BatchItemFailure::getItemIdentifier)
            .collect(Collectors.toSet());
    return all.containsAll(reported) ? reported : all;
  }

  private void delete(List<Message> done) {
    if (done.isEmpty()) return;
    // A message that could not be deleted comes again, as it does on AWS.
    sqs.deleteMessageBatch(
        delete ->
            delete
                .queueUrl(url)
                .entries(
                    done.stream()
                        .map(
                            message ->
                                DeleteMessageBatchRequestEntry.builder()
                                    .id(message.messageId())
                                    .receiptHandle(message.receiptHandle())
                                    .build())
                        .toList()));
  }

  private void release(List<Message> failed) {
    if (failed.isEmpty()) return;
    sqs.changeMessageVisibilityBatch(
        change ->
            change
                .queueUrl(url)
                .entries(
                    failed.stream()
                        .map(
                            message ->
                                ChangeMessageVisibilityBatchRequestEntry.builder()
                                    .id(message.messageId())
                                    .receiptHandle(message.receiptHandle())
                                    .visibilityTimeout(secondsUntilAgain(message))
                                    .build())
                        .toList()));
  }

  private int secondsUntilAgain(Message message) {
    int receives =
        Integer.parseInt(
            requireNonNull(
                message.attributes().get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT)));
    long backoff = 1L << Math.min(receives - 1, 20);
    return Math.toIntExact(Math.min(backoff, visibilityTimeout.toSeconds()));
  }
}
