package dev.heliograph.local.eventsource;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import dev.heliograph.local.function.LocalFunction;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import software.amazon.awssdk.services.dynamodb.model.Record;

/**
 * Hands records of a shard to the function until they are done with. A batch of which nothing was
 * done is halved, so that one bad record holds up few others; a record alone is retried, then given
 * up.
 */
final class StreamDelivery {
  private static final Duration MAX_BACKOFF = Duration.ofSeconds(30);

  private final String streamArn;
  private final LocalFunction<DynamodbEvent, StreamsEventResponse> function;
  private final StreamPositions positions;
  private final int maxRetries;
  private final GivenUp givenUp;

  StreamDelivery(
      String streamArn,
      LocalFunction<DynamodbEvent, StreamsEventResponse> function,
      StreamPositions positions,
      int maxRetries,
      GivenUp givenUp) {
    this.streamArn = streamArn;
    this.function = function;
    this.positions = positions;
    this.maxRetries = maxRetries;
    this.givenUp = givenUp;
  }

  /** Told of what the function would not do, before the shard goes on without it. */
  interface GivenUp {
    void accept(String shard, StreamBatch batch);
  }

  void deliver(String shard, List<Record> records, Poller poller) throws InterruptedException {
    Deque<StreamBatch> todo = new ArrayDeque<>();
    todo.push(StreamBatch.of(records));
    while (!todo.isEmpty()) {
      StreamBatch batch = todo.pop();
      int done = batch.done(function.invoke(StreamEvent.of(batch.records(), streamArn)));
      if (done > 0) positions.advance(shard, batch.sequenceNumber(done - 1));
      if (done == batch.size()) continue;
      // It comes again at the next start: neither is it retried now, nor does this count as a try.
      poller.checkOpen();
      if (done > 0) {
        todo.push(batch.from(done));
      } else if (batch.size() > 1) {
        todo.push(batch.secondHalf());
        todo.push(batch.firstHalf());
      } else if (batch.retries() < maxRetries) {
        poller.pause(backoff(batch.retries()));
        todo.push(batch.retried());
      } else {
        givenUp.accept(shard, batch);
        positions.advance(shard, batch.lastSequenceNumber());
      }
    }
  }

  private static Duration backoff(int retries) {
    Duration backoff = Duration.ofMillis(200L << Math.min(retries, 10));
    return backoff.compareTo(MAX_BACKOFF) < 0 ? backoff : MAX_BACKOFF;
  }
}
