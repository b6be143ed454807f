package dev.heliograph.table;

import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;

/**
 * The AWS endpoint that tests use instead of the embedded services: the one that {@code
 * AWS_ENDPOINT_URL} or its kin name, which the SDK itself reads; or, with {@code
 * HELIOGRAPH_TEST_AWS=localstack}, a container's.
 */
final class TestEndpoint {
  private TestEndpoint() {}

  /**
   * Whether the environment names an endpoint for all services or for this one, such as {@code
   * SQS}.
   */
  static boolean isGiven(String service) {
    return variable("AWS_ENDPOINT_URL")
            .or(() -> variable("AWS_ENDPOINT_URL_" + service))
            .isPresent()
        || isLocalStack();
  }

  /** Region and credentials from the environment, or any where the endpoint asks for none. */
  static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> B configure(B builder) {
    builder.region(Region.of(variable("AWS_REGION").orElse("us-east-1")));
    if (variable("AWS_ACCESS_KEY_ID").isEmpty()) {
      builder.credentialsProvider(
          StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")));
    }
    if (isLocalStack()) builder.endpointOverride(LocalStack.endpoint());
    return builder.httpClientBuilder(Apache5HttpClient.builder());
  }

  /** So that test classes do not meet in one endpoint. */
  static String drawPrefix() {
    return "test-" + UUID.randomUUID() + "-";
  }

  private static boolean isLocalStack() {
    return variable("HELIOGRAPH_TEST_AWS").filter("localstack"::equals).isPresent();
  }

  private static Optional<String> variable(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
  }
}
