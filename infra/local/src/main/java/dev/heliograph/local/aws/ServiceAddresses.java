package dev.heliograph.local.aws;

import static java.util.Objects.requireNonNull;

import dev.heliograph.config.Aws;
import dev.heliograph.config.Environment;
import java.net.URI;
import java.util.Map;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Where the local services listen, and clients of them. */
public record ServiceAddresses(URI dynamoDb, URI sqs) {
  static final String REGION = "us-east-1";
  private static final String KEY = "local";

  /** What a function or a worker is told, by the names that the AWS SDK knows. */
  public Map<String, String> environment() {
    return Map.of(
        "AWS_REGION", REGION,
        "AWS_ACCESS_KEY_ID", KEY,
        "AWS_SECRET_ACCESS_KEY", KEY,
        "AWS_ENDPOINT_URL_DYNAMODB", dynamoDb.toString(),
        "AWS_ENDPOINT_URL_SQS", sqs.toString());
  }

  /** Those that {@link #environment()} named. */
  public static ServiceAddresses in(Map<String, String> environment) {
    return new ServiceAddresses(
        URI.create(requireNonNull(environment.get("AWS_ENDPOINT_URL_DYNAMODB"))),
        URI.create(requireNonNull(environment.get("AWS_ENDPOINT_URL_SQS"))));
  }

  /** A client for the caller to close. */
  public DynamoDbClient dynamoDbClient() {
    return aws()
        .dynamoDb(DynamoDbClient.builder())
        .httpClientBuilder(Apache5HttpClient.builder())
        .build();
  }

  /** A client for the caller to close. */
  public DynamoDbStreamsClient streamsClient() {
    return aws()
        .dynamoDb(DynamoDbStreamsClient.builder())
        .httpClientBuilder(Apache5HttpClient.builder())
        .build();
  }

  /** A client for the caller to close. */
  public SqsClient sqsClient() {
    return aws().sqs(SqsClient.builder()).httpClientBuilder(Apache5HttpClient.builder()).build();
  }

  private Aws aws() {
    return Aws.from(new Environment(environment()));
  }
}
