package dev.heliograph.local.eventsource;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.heliograph.local.function.LocalFunction;
import dev.heliograph.table.LocalSqs;
import dev.heliograph.table.QueueDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

class QueueMappingTest {
  private static final QueueDefinition DEAD =
      new QueueDefinition("dead", Duration.ofSeconds(30), null, 0);
  private static final QueueDefinition QUEUE =
      new QueueDefinition("work", Duration.ofSeconds(30), DEAD.name(), 2);
  private static final SQSBatchResponse ALL_DONE = new SQSBatchResponse(List.of());

  @RegisterExtension final LocalSqs sqs = LocalSqs.with(QUEUE, DEAD);

  private final List<String> handled = new CopyOnWriteArrayList<>();
  private @Nullable QueueMapping mapping;

  @AfterEach
  void stop() {
    if (mapping != null) mapping.close();
  }

  @Test
  void whatIsDoneIsDeleted() {
    List<String> bodies = IntStream.range(0, 25).mapToObj(Integer::toString).toList();
    bodies.forEach(this::send);

    start((batch, context) -> handle(batch));

    await().untilAsserted(() -> assertThat(messagesLeft()).isZero());
    assertThat(handled).containsExactlyInAnyOrderElementsOf(bodies);
  }

  @Test
  void onlyWhatIsReportedComesAgain() {
    sendTogether("good", "bad");

    start(
        (batch, context) -> {
          handle(batch);
          return Collections.frequency(handled, "bad") == 1 ? report(batch, "bad") : ALL_DONE;
        });

    await().untilAsserted(() -> assertThat(messagesLeft()).isZero());
    assertThat(handled).containsExactlyInAnyOrder("good", "bad", "bad");
  }

  @Test
  void theWholeBatchComesAgainWhenTheFunctionThrows() {
    sendTogether("a", "b");

    start(
        (batch, context) -> {
          handle(batch);
          if (handled.stream().distinct().count() == handled.size()) {
            throw new IllegalStateException("the first time");
          }
          return ALL_DONE;
        });

    await().untilAsserted(() -> assertThat(messagesLeft()).isZero());
    assertThat(handled.stream().collect(toSet())).containsExactlyInAnyOrder("a", "b");
    assertThat(handled.size()).isGreaterThanOrEqualTo(3);
  }

  @Test
  void aReportOfAnUnknownMessageFailsTheBatch() {
    send("a");

    start(
        (batch, context) -> {
          handle(batch);
          return handled.size() == 1
              ? new SQSBatchResponse(List.of(new BatchItemFailure("nobody")))
              : ALL_DONE;
        });

    await().untilAsserted(() -> assertThat(messagesLeft()).isZero());
    assertThat(handled).containsExactly("a", "a");
  }

  @Test
  void whatFailsTooOftenGoesToTheDeadLetterQueue() {
    send("poison");

    start((batch, context) -> report(batch, "poison"));

    await()
        .untilAsserted(
            () -> assertThat(receive(DEAD)).extracting(Message::body).containsExactly("poison"));
  }

  @Test
  void aMessageThatIsBeingHandledAtTheEndComesAgain() throws Exception {
    send("slow");
    CountDownLatch begun = new CountDownLatch(1);
    QueueMapping closed =
        start(
            (batch, context) -> {
              begun.countDown();
              waitForInterruption();
              return ALL_DONE;
            });
    begun.await();

    closed.close();

    assertThat(messagesLeft()).isEqualTo(1);
  }

  @Test
  void theEventSaysWhatLambdasSays() {
    send("hello");
    List<SQSMessage> records = new ArrayList<>();

    start(
        (batch, context) -> {
          records.addAll(batch.getRecords());
          return handle(batch);
        });

    await().untilAsserted(() -> assertThat(messagesLeft()).isZero());
    SQSMessage record = records.getFirst();
    assertThat(record.getBody()).isEqualTo("hello");
    assertThat(record.getMessageId()).isNotBlank();
    assertThat(record.getReceiptHandle()).isNotBlank();
    assertThat(record.getEventSource()).isEqualTo("aws:sqs");
    assertThat(record.getEventSourceArn()).endsWith(":" + QUEUE.in(sqs.prefix()));
    assertThat(record.getAwsRegion()).isEqualTo("us-east-1");
    assertThat(record.getAttributes())
        .containsEntry(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT.toString(), "1");
  }

  private SQSBatchResponse handle(SQSEvent batch) {
    batch.getRecords().forEach(message -> handled.add(message.getBody()));
    return ALL_DONE;
  }

  private static SQSBatchResponse report(SQSEvent batch, String body) {
    return new SQSBatchResponse(
        batch.getRecords().stream()
            .filter(message -> message.getBody().equals(body))
            .map(message -> new BatchItemFailure(message.getMessageId()))
            .toList());
  }

  private static void waitForInterruption() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private QueueMapping start(RequestHandler<SQSEvent, SQSBatchResponse> handler) {
    var function = new LocalFunction<>("worker", handler, Duration.ofSeconds(30));
    QueueMapping started = QueueMapping.start(sqs.client(), sqs.url(QUEUE), function);
    mapping = started;
    return started;
  }

  private void send(String body) {
    sqs.client().sendMessage(send -> send.queueUrl(sqs.url(QUEUE)).messageBody(body));
  }

  private void sendTogether(String... bodies) {
    sqs.client()
        .sendMessageBatch(
            send ->
                send.queueUrl(sqs.url(QUEUE))
                    .entries(
                        List.of(bodies).stream()
                            .map(
                                body ->
                                    SendMessageBatchRequestEntry.builder()
                                        .id(body)
                                        .messageBody(body)
                                        .build())
                            .toList()));
  }

  private List<Message> receive(QueueDefinition queue) {
    return sqs.client().receiveMessage(receive -> receive.queueUrl(sqs.url(queue))).messages();
  }

  /** Those that wait and those that somebody has received and not deleted. */
  private int messagesLeft() {
    var attributes =
        sqs.client()
            .getQueueAttributes(
                get -> get.queueUrl(sqs.url(QUEUE)).attributeNames(QueueAttributeName.ALL))
            .attributes();
    return Integer.parseInt(attributes.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
        + Integer.parseInt(
            attributes.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE));
  }
}
