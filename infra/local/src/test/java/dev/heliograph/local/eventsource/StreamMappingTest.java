package dev.heliograph.local.eventsource;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse.BatchItemFailure;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heliograph.local.function.LocalFunction;
import dev.heliograph.table.LocalDynamoDb;
import dev.heliograph.table.LocalSqs;
import dev.heliograph.table.Queues;
import dev.heliograph.table.Tables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.sqs.model.Message;

class StreamMappingTest {
  private static final int MAX_RETRIES = 1;
  private static final StreamsEventResponse ALL_DONE = new StreamsEventResponse(List.of());

  @RegisterExtension final LocalDynamoDb dynamoDb = LocalDynamoDb.with(Tables.JOURNAL);
  @RegisterExtension final LocalSqs sqs = LocalSqs.with(Queues.EVENT_FANOUT_DEAD);
  @TempDir Path folder;

  private final List<Integer> handled = new CopyOnWriteArrayList<>();
  private final List<Instant> gaps = new CopyOnWriteArrayList<>();
  private Predicate<Record> filter = record -> true;
  private Duration patience = StreamMapping.PATIENCE;
  private @Nullable StreamMapping mapping;

  @AfterEach
  void stop() {
    if (mapping != null) mapping.close();
  }

  @Test
  void recordsComeInOrder() {
    start(this::handle);

    put(1, 250);

    awaitHandled(1, 250);
  }

  @Test
  void recordsComeInOrderThroughShardsAndTheirChildren() {
    put(1, 5);
    dynamoDb.rollOverShards();
    put(6, 10);
    dynamoDb.rollOverShards();
    start(this::handle);
    put(11, 15);
    awaitHandled(1, 15);

    dynamoDb.rollOverShards();
    put(16, 20);

    awaitHandled(1, 20);
  }

  @Test
  void recordsThatTheFunctionDoesNotWantAreDoneWithUnseen() {
    filter = record -> seq(record) % 2 == 0;
    StreamMapping first = start(this::handle);
    put(1, 5);
    await().untilAsserted(() -> assertThat(handled).containsExactly(2, 4));
    first.close();
    put(6, 6);

    start(this::handle);

    await().untilAsserted(() -> assertThat(handled).containsExactly(2, 4, 6));
  }

  @Test
  void itGoesOnWhereItWas() {
    StreamMapping first = start(this::handle);
    put(1, 5);
    awaitHandled(1, 5);
    first.close();
    dynamoDb.rollOverShards();
    put(6, 8);

    start(this::handle);

    awaitHandled(1, 8);
  }

  @Test
  void whatWasBeingHandledAtTheEndComesAgain() throws Exception {
    put(1, 3);
    CountDownLatch begun = new CountDownLatch(1);
    StreamMapping first =
        start(
            (batch, context) -> {
              begun.countDown();
              return waitForInterruption();
            });
    begun.await();
    first.close();

    start(this::handle);

    awaitHandled(1, 3);
  }

  @Test
  void whatIsThereWhenItIsClosedIsHandledFirst() {
    patience = Duration.ofMinutes(1);
    StreamMapping first = start(this::handle);
    put(1, 250);

    first.close();
    mapping = null; // or it would wait once more

    assertThat(handled).isEqualTo(IntStream.rangeClosed(1, 250).boxed().toList());
  }

  @Test
  void beingClosedIsNoTryThatARecordHasFailed() throws Exception {
    put(1, 1);
    CountDownLatch failing = new CountDownLatch(1);
    StreamMapping first =
        start(
            (batch, context) -> {
              failing.countDown();
              throw new IllegalStateException("not now");
            },
            1000);
    failing.await();
    first.close();

    start(this::handle);

    awaitHandled(1, 1);
    assertThat(sqs.takeAll(Queues.EVENT_FANOUT_DEAD)).isEmpty();
  }

  @Test
  void shardsThatAreGoneBeforeTheirEndWasHandledAreAGap() throws Exception {
    Files.writeString(positions(), "{\"shardId-of-last-week\":{\"after\":\"17\",\"ended\":false}}");
    Instant lastWeek = Instant.parse("2026-05-01T00:00:00Z");
    Files.setLastModifiedTime(positions(), FileTime.from(lastWeek));
    put(1, 3);

    start(this::handle);

    awaitHandled(1, 3);
    assertThat(gaps).containsExactly(lastWeek);
  }

  @Test
  void withoutItsPositionsItHandlesEverythingAgain() throws Exception {
    StreamMapping first = start(this::handle);
    put(1, 3);
    awaitHandled(1, 3);
    first.close();
    handled.clear();
    Files.writeString(positions(), "{\"shard");

    start(this::handle);

    awaitHandled(1, 3);
  }

  @Test
  void fromTheFirstReportedRecordOnTheBatchComesAgain() {
    put(1, 5);
    List<Integer> seen = new CopyOnWriteArrayList<>();

    start(
        (batch, context) -> {
          List<Integer> seqs = seqs(batch);
          boolean firstTime = !seen.contains(3);
          seen.addAll(seqs);
          return firstTime ? report(batch, 4, 3) : ALL_DONE;
        });

    await().untilAsserted(() -> assertThat(seen).containsExactly(1, 2, 3, 4, 5, 3, 4, 5));
  }

  @Test
  void aRecordThatAlwaysFailsIsGivenUpAlone() throws Exception {
    put(1, 9);

    start(
        (batch, context) -> {
          if (seqs(batch).contains(6)) throw new IllegalStateException("poison");
          return handle(batch, context);
        });

    await().untilAsserted(() -> assertThat(handled).containsExactly(1, 2, 3, 4, 5, 7, 8, 9));
    JsonNode failure = new ObjectMapper().readTree(theFailure().body());
    JsonNode place = failure.at("/DDBStreamBatchInfo");
    assertThat(place.get("batchSize").asInt()).isEqualTo(1);
    assertThat(place.get("startSequenceNumber")).isEqualTo(place.get("endSequenceNumber"));
    assertThat(failure.at("/requestContext/approximateInvokeCount").asInt())
        .isEqualTo(MAX_RETRIES + 1);
  }

  private StreamsEventResponse handle(DynamodbEvent batch, Object context) {
    handled.addAll(seqs(batch));
    return ALL_DONE;
  }

  private static StreamsEventResponse report(DynamodbEvent batch, Integer... seqs) {
    List<BatchItemFailure> failures = new ArrayList<>();
    for (Integer seq : seqs) {
      batch.getRecords().stream()
          .filter(record -> seq(record) == seq)
          .map(record -> new BatchItemFailure(record.getDynamodb().getSequenceNumber()))
          .forEach(failures::add);
    }
    return new StreamsEventResponse(failures);
  }

  private static StreamsEventResponse waitForInterruption() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    return ALL_DONE;
  }

  private static List<Integer> seqs(DynamodbEvent batch) {
    return batch.getRecords().stream().map(StreamMappingTest::seq).toList();
  }

  private static int seq(DynamodbStreamRecord record) {
    return Integer.parseInt(requireNonNull(record.getDynamodb().getNewImage().get("seq")).getN());
  }

  private static int seq(Record record) {
    return Integer.parseInt(requireNonNull(record.dynamodb().newImage().get("seq")).n());
  }

  private StreamMapping start(RequestHandler<DynamodbEvent, StreamsEventResponse> handler) {
    return start(handler, MAX_RETRIES);
  }

  private StreamMapping start(
      RequestHandler<DynamodbEvent, StreamsEventResponse> handler, int maxRetries) {
    String stream =
        dynamoDb
            .client()
            .describeTable(describe -> describe.tableName(dynamoDb.name(Tables.JOURNAL)))
            .table()
            .latestStreamArn();
    StreamMapping started =
        StreamMapping.start(
            dynamoDb.streams(),
            stream,
            filter,
            new LocalFunction<>("fan-out", handler, Duration.ofSeconds(30)),
            positions(),
            maxRetries,
            new StreamFailures(
                sqs.client(), sqs.url(Queues.EVENT_FANOUT_DEAD), stream, InstantSource.system()),
            gaps::add,
            patience);
    mapping = started;
    return started;
  }

  private Path positions() {
    return folder.resolve("positions.json");
  }

  private void put(int first, int last) {
    for (int seq = first; seq <= last; seq++) {
      var item = Map.of("instance", fromS("inst_1"), "seq", fromN(Integer.toString(seq)));
      dynamoDb.client().putItem(put -> put.tableName(dynamoDb.name(Tables.JOURNAL)).item(item));
    }
  }

  private void awaitHandled(int first, int last) {
    List<Integer> expected = IntStream.rangeClosed(first, last).boxed().toList();
    await().untilAsserted(() -> assertThat(handled).isEqualTo(expected));
  }

  private Message theFailure() {
    return sqs.client()
        .receiveMessage(receive -> receive.queueUrl(sqs.url(Queues.EVENT_FANOUT_DEAD)))
        .messages()
        .getFirst();
  }
}
