package dev.heliograph.local.eventsource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.local.eventsource.StreamDelivery.GivenUp;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * A mapping's queue for failures: a message says where in the stream the records are that the
 * function would not take, and not what is in them.
 */
public final class StreamFailures implements GivenUp {
  private static final Logger log = LoggerFactory.getLogger(StreamFailures.class);

  private final SqsClient sqs;
  private final String queueUrl;
  private final String streamArn;
  private final InstantSource clock;

  /** Over a queue and the stream that its messages point into. */
  public StreamFailures(SqsClient sqs, String queueUrl, String streamArn, InstantSource clock) {
    this.sqs = sqs;
    this.queueUrl = queueUrl;
    this.streamArn = streamArn;
    this.clock = clock;
  }

  @Override
  public void accept(String shard, StreamBatch batch) {
    JsonNode message = toMessage(shard, batch);
    sqs.sendMessage(send -> send.queueUrl(queueUrl).messageBody(message.toString()));
    log.atError()
        .addKeyValue("shard", shard)
        .addKeyValue("sequence_number", batch.lastSequenceNumber())
        .log("stream records given up");
  }

  private JsonNode toMessage(String shard, StreamBatch batch) {
    ObjectNode message = JsonNodeFactory.instance.objectNode();
    message
        .putObject("requestContext")
        .put("condition", "RetryAttemptsExhausted")
        .put("approximateInvokeCount", batch.retries() + 1);
    message.put("version", "1.0").put("timestamp", clock.instant().toString());
    message
        .putObject("DDBStreamBatchInfo")
        .put("shardId", shard)
        .put("startSequenceNumber", batch.sequenceNumber(0))
        .put("endSequenceNumber", batch.lastSequenceNumber())
        .put("approximateArrivalOfFirstRecord", arrival(batch.records().getFirst()).toString())
        .put("approximateArrivalOfLastRecord", arrival(batch.records().getLast()).toString())
        .put("batchSize", batch.size())
        .put("streamArn", streamArn);
    return message;
  }

  private static Instant arrival(Record record) {
    return record.dynamodb().approximateCreationDateTime();
  }
}
