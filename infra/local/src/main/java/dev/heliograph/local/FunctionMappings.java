package dev.heliograph.local;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import dev.heliograph.event.EventStreams;
import dev.heliograph.function.Functions;
import dev.heliograph.journal.Journal;
import dev.heliograph.local.aws.ServiceAddresses;
import dev.heliograph.local.eventsource.QueueMapping;
import dev.heliograph.local.eventsource.Schedule;
import dev.heliograph.local.eventsource.StreamFailures;
import dev.heliograph.local.eventsource.StreamMapping;
import dev.heliograph.local.function.LocalFunction;
import dev.heliograph.local.gateway.HttpApi;
import dev.heliograph.table.QueueDefinition;
import dev.heliograph.table.Queues;
import dev.heliograph.table.Tables;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The functions with what calls them, as {@code template.yaml} declares both. */
final class FunctionMappings implements AutoCloseable {
  private static final Duration API_TIMEOUT = Duration.ofSeconds(29);
  private static final Duration FANOUT_TIMEOUT = Duration.ofSeconds(60);
  private static final int FANOUT_RETRIES = Integer.MAX_VALUE;

  /** By how much the last record that was handled may be older than its handling. */
  private static final Duration FANOUT_LAG = Duration.ofHours(1);

  private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration JANITOR_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration JANITOR_RATE = Duration.ofMinutes(1);

  private final Parts parts = new Parts();
  private final DynamoDbClient dynamoDb;
  private final DynamoDbStreamsClient streams;
  private final SqsClient sqs;

  private FunctionMappings(ServiceAddresses addresses) {
    dynamoDb = parts.add(addresses.dynamoDbClient());
    streams = parts.add(addresses.streamsClient());
    sqs = parts.add(addresses.sqsClient());
  }

  /** What the queue, the stream and the schedule feed; the API is {@link #startApi}. */
  static FunctionMappings start(
      Functions functions, ServiceAddresses addresses, Path streamPositions) {
    FunctionMappings mappings = new FunctionMappings(addresses);
    try {
      mappings.startDeliveries(functions);
      // The queue was memory: what it said before the last end is in the rows.
      functions.janitor().ringAgain();
      mappings.startFanOut(functions, streamPositions);
      mappings.startJanitor(functions);
    } catch (RuntimeException failure) {
      mappings.close();
      throw failure;
    }
    return mappings;
  }

  /** The API behind HTTP, and the event streams beside it. */
  static HttpApi startApi(Functions functions, EventStreams streams, Vertx vertx, int port) {
    var function = function("api", functions.apiHandler(), API_TIMEOUT);
    Map<String, Consumer<HttpServerRequest>> others = Map.of(EventStreams.PATH, streams::answer);
    return HttpApi.start(vertx, port, function, others, InstantSource.system()).await();
  }

  @Override
  public void close() {
    parts.close();
  }

  private void startDeliveries(Functions functions) {
    var function =
        function("webhook-delivery", functions.webhookDeliveryHandler(), DELIVERY_TIMEOUT);
    parts.add(QueueMapping.start(sqs, url(Queues.WEBHOOK_DELIVERIES), function));
  }

  private void startFanOut(Functions functions, Path positions) {
    var function = function("event-fanout", functions.eventFanoutHandler(), FANOUT_TIMEOUT);
    String stream =
        dynamoDb
            .describeTable(it -> it.tableName(Tables.JOURNAL.in(LocalDeployment.PREFIX)))
            .table()
            .latestStreamArn();
    var failures =
        new StreamFailures(sqs, url(Queues.EVENT_FANOUT_DEAD), stream, InstantSource.system());
    parts.add(
        StreamMapping.start(
            streams,
            stream,
            FunctionMappings::hasEvents,
            function,
            positions,
            FANOUT_RETRIES,
            failures,
            handledUntil -> functions.fanoutAgain().since(handledUntil.minus(FANOUT_LAG))));
  }

  /** An entry with events, and neither another one nor a checkpoint nor what has expired. */
  private static boolean hasEvents(Record record) {
    return record.dynamodb().newImage().containsKey(Journal.EVENTS);
  }

  private void startJanitor(Functions functions) {
    var function =
        new LocalFunction<ScheduledEvent, @Nullable Void>(
            "janitor", functions.janitorHandler(), JANITOR_TIMEOUT);
    parts.add(Schedule.start(function, JANITOR_RATE));
  }

  private static <I, O> LocalFunction<I, O> function(
      String name, RequestHandler<I, O> handler, Duration timeout) {
    return new LocalFunction<>(name, handler, timeout);
  }

  private String url(QueueDefinition queue) {
    return sqs.getQueueUrl(get -> get.queueName(queue.in(LocalDeployment.PREFIX))).queueUrl();
  }
}
