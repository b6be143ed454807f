package dev.heliograph.local.eventsource;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import dev.heliograph.local.eventsource.StreamDelivery.GivenUp;
import dev.heliograph.local.function.LocalFunction;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.model.ExpiredIteratorException;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/**
 * Lambda's mapping of a table's stream to a function with {@code ReportBatchItemFailures}: each
 * shard in order and its children after it, from the oldest record that the stream has; halving,
 * retries and at last a message to the queue for failures. The positions are kept in a file, so
 * that after a restart it goes on where it was: a record may come twice, none is left out.
 */
public final class StreamMapping implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StreamMapping.class);
  private static final Duration IDLE = Duration.ofMillis(100);

  /** For what is in the stream when it is closed. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final int BATCH = 100;

  private final DynamoDbStreamsClient streams;
  private final String streamArn;
  private final Predicate<Record> filter;
  private final StreamPositions positions;
  private final StreamDelivery delivery;
  private final Gap gap;
  private final Duration patience;
  private final Map<String, String> iterators = new HashMap<>();
  private final Poller poller;
  private List<String> readable = List.of();
  private volatile CountDownLatch idlePolls = new CountDownLatch(0);

  private StreamMapping(
      DynamoDbStreamsClient streams,
      String streamArn,
      Predicate<Record> filter,
      StreamPositions positions,
      StreamDelivery delivery,
      Gap gap,
      Duration patience,
      String name) {
    this.streams = streams;
    this.streamArn = streamArn;
    this.filter = filter;
    this.positions = positions;
    this.delivery = delivery;
    this.gap = gap;
    this.patience = patience;
    poller = Poller.start(name + "-stream", this::poll);
  }

  /** Told that the stream has forgotten records before they were handled: it keeps them a day. */
  public interface Gap {
    /**
     * Makes good what was lost; if it throws, it is told again.
     *
     * @param handledUntil a time after which nothing was handled
     */
    void since(Instant handledUntil);
  }

  /**
   * Polls until it is closed.
   *
   * @param filter the records that the function wants; the others are done with unseen
   * @param positions the file that says how far the stream has been handled; made if not there
   * @param maxRetries how often a record that fails alone is tried again before it is given up
   */
  public static StreamMapping start(
      DynamoDbStreamsClient streams,
      String streamArn,
      Predicate<Record> filter,
      LocalFunction<DynamodbEvent, StreamsEventResponse> function,
      Path positions,
      int maxRetries,
      GivenUp givenUp,
      Gap gap) {
    return start(
        streams, streamArn, filter, function, positions, maxRetries, givenUp, gap, PATIENCE);
  }

  /**
   * The same.
   *
   * @param patience how long its closing waits for what is in the stream by then
   */
  static StreamMapping start(
      DynamoDbStreamsClient streams,
      String streamArn,
      Predicate<Record> filter,
      LocalFunction<DynamodbEvent, StreamsEventResponse> function,
      Path positions,
      int maxRetries,
      GivenUp givenUp,
      Gap gap,
      Duration patience) {
    StreamPositions handled = StreamPositions.in(positions);
    var delivery = new StreamDelivery(streamArn, function, handled, maxRetries, givenUp);
    return new StreamMapping(
        streams, streamArn, filter, handled, delivery, gap, patience, function.name());
  }

  /**
   * Handles what is in the stream by now, as far as it is soon done, and interrupts what is not:
   * its records come again at the next start.
   */
  @Override
  public void close() {
    awaitIdle();
    poller.close();
  }

  private void awaitIdle() {
    // Two, as the poll that is under way may have looked already.
    idlePolls = new CountDownLatch(2);
    try {
      var _ = idlePolls.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void poll(Poller poller) throws InterruptedException {
    if (readable.isEmpty()) findShards();
    boolean idle = true;
    for (String shard : List.copyOf(readable)) {
      idle &= !read(shard, poller);
    }
    if (idle) {
      idlePolls.countDown();
      poller.pause(IDLE);
    }
  }

  private void findShards() {
    StreamShards shards = StreamShards.of(streams, streamArn);
    // Before the positions forget it: if this dies, the next start sees it again.
    if (positions.isBehind(shards.ids())) fillGap();
    positions.retain(shards.ids());
    readable = shards.readable(positions);
  }

  /** Whether there was anything to read. */
  private boolean read(String shard, Poller poller) throws InterruptedException {
    Optional<GetRecordsResponse> read = next(shard);
    if (read.isEmpty()) return true;
    GetRecordsResponse page = read.get();
    if (!page.records().isEmpty()) {
      poller.handle(() -> deliver(shard, page.records(), poller));
    }
    if (page.nextShardIterator() == null) {
      end(shard);
      return true;
    }
    iterators.put(shard, page.nextShardIterator());
    return !page.records().isEmpty();
  }

  private void deliver(String shard, List<Record> records, Poller poller)
      throws InterruptedException {
    List<Record> wanted = records.stream().filter(filter).toList();
    if (!wanted.isEmpty()) delivery.deliver(shard, wanted, poller);
    positions.advance(shard, records.getLast().dynamodb().sequenceNumber());
  }

  /** The next records; empty if the place to read from has to be found again. */
  private Optional<GetRecordsResponse> next(String shard) {
    try {
      // Taken out: if the page is not handled, the position says where to go on.
      String iterator = Optional.ofNullable(iterators.remove(shard)).orElseGet(() -> open(shard));
      return Optional.of(streams.getRecords(get -> get.shardIterator(iterator).limit(BATCH)));
    } catch (ExpiredIteratorException | TrimmedDataAccessException old) {
      // The second one DynamoDB Local throws for an iterator that is older than its shard's first
      // record.
      return Optional.empty();
    } catch (ResourceNotFoundException expiredShard) {
      readable = List.of();
      return Optional.empty();
    }
  }

  private String open(String shard) {
    return positions
        .after(shard)
        .map(after -> openAfter(shard, after))
        .orElseGet(() -> openOldest(shard));
  }

  private String openAfter(String shard, String sequenceNumber) {
    try {
      return streams
          .getShardIterator(
              get ->
                  get.streamArn(streamArn)
                      .shardId(shard)
                      .shardIteratorType(ShardIteratorType.AFTER_SEQUENCE_NUMBER)
                      .sequenceNumber(sequenceNumber))
          .shardIterator();
    } catch (TrimmedDataAccessException longAgo) {
      fillGap();
      return openOldest(shard);
    }
  }

  private void fillGap() {
    log.atWarn()
        .addKeyValue("since", positions.writtenAt())
        .log("stream records expired before they were handled");
    gap.since(positions.writtenAt());
  }

  private String openOldest(String shard) {
    return streams
        .getShardIterator(
            get ->
                get.streamArn(streamArn)
                    .shardId(shard)
                    .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
        .shardIterator();
  }

  private void end(String shard) {
    positions.end(shard);
    // Its children can be read now.
    readable = List.of();
  }
}
