package dev.heliograph.fleet;

import dev.heliograph.config.Aws;
import java.time.Duration;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.metrics.MetricPublisher;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * What a worker reaches AWS with.
 *
 * @param journal for entries: short attempts, and no retries of its own
 */
record AwsClients(DynamoDbClient dynamoDb, DynamoDbClient journal, SqsClient sqs, KmsClient kms)
    implements AutoCloseable {
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(4);
  private static final Duration ATTEMPT_TIMEOUT = Duration.ofMillis(1500);
  private static final Duration JOURNAL_ATTEMPT_TIMEOUT = Duration.ofMillis(500);

  /** A long poll of 20 s, and its answer. */
  private static final Duration LONG_POLL_TIMEOUT = Duration.ofSeconds(30);

  /** Of each client; those of sessions are fewer where DynamoDB is slow. */
  static final int MOST_CALLS_AT_ONCE = 256;

  /**
   * Clients with the limits that a worker needs.
   *
   * @param clock put right by what DynamoDB answers
   * @param metrics told of each call
   */
  static AwsClients of(Aws aws, DynamoDbClock clock, MetricPublisher metrics) {
    return new AwsClients(
        dynamoDb(aws, clock, metrics, ATTEMPT_TIMEOUT, CALL_TIMEOUT, 3),
        // A put that was not answered is repeated by who knows what its silence means.
        dynamoDb(aws, clock, metrics, JOURNAL_ATTEMPT_TIMEOUT, JOURNAL_ATTEMPT_TIMEOUT, 1),
        sqs(aws, metrics),
        kms(aws, metrics));
  }

  /** A client with the limits that are given. */
  static DynamoDbClient dynamoDb(
      Aws aws,
      DynamoDbClock clock,
      MetricPublisher metrics,
      Duration attempt,
      Duration call,
      int attempts) {
    return aws.dynamoDb(DynamoDbClient.builder())
        .httpClientBuilder(Apache5HttpClient.builder().maxConnections(MOST_CALLS_AT_ONCE))
        .overrideConfiguration(
            override ->
                override
                    .addExecutionInterceptor(clock)
                    .addMetricPublisher(metrics)
                    .apiCallAttemptTimeout(attempt)
                    .apiCallTimeout(call)
                    .retryStrategy(retries -> retries.maxAttempts(attempts)))
        .build();
  }

  private static SqsClient sqs(Aws aws, MetricPublisher metrics) {
    return aws.sqs(SqsClient.builder())
        .httpClientBuilder(
            Apache5HttpClient.builder()
                .maxConnections(MOST_CALLS_AT_ONCE)
                .socketTimeout(LONG_POLL_TIMEOUT))
        .overrideConfiguration(
            override ->
                override
                    .addMetricPublisher(metrics)
                    .apiCallAttemptTimeout(LONG_POLL_TIMEOUT)
                    .apiCallTimeout(LONG_POLL_TIMEOUT))
        .build();
  }

  private static KmsClient kms(Aws aws, MetricPublisher metrics) {
    return aws.kms(KmsClient.builder())
        .httpClientBuilder(Apache5HttpClient.builder().maxConnections(MOST_CALLS_AT_ONCE))
        .overrideConfiguration(
            override ->
                override
                    .addMetricPublisher(metrics)
                    .apiCallAttemptTimeout(ATTEMPT_TIMEOUT)
                    .apiCallTimeout(CALL_TIMEOUT))
        .build();
  }

  @Override
  public void close() {
    kms.close();
    sqs.close();
    journal.close();
    dynamoDb.close();
  }
}
