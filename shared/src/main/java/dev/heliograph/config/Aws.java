package dev.heliograph.config;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;

/**
 * How AWS is reached, in the variables that the SDK itself knows. It is read from our environment
 * and not left to the SDK, so that several processes' parts can run in one process. What is not set
 * is left to the SDK.
 *
 * @param endpoint where every service is that has no endpoint of its own
 */
public record Aws(
    @Nullable URI endpoint,
    @Nullable URI dynamoDbEndpoint,
    @Nullable URI sqsEndpoint,
    @Nullable URI kmsEndpoint,
    @Nullable URI secretsManagerEndpoint,
    @Nullable Region region,
    @Nullable AwsCredentials credentials) {

  /** Reads {@code AWS_ENDPOINT_URL}, {@code AWS_ENDPOINT_URL_DYNAMODB} and so on. */
  public static Aws from(Environment environment) {
    return new Aws(
        endpoint(environment, "AWS_ENDPOINT_URL"),
        endpoint(environment, "AWS_ENDPOINT_URL_DYNAMODB"),
        endpoint(environment, "AWS_ENDPOINT_URL_SQS"),
        endpoint(environment, "AWS_ENDPOINT_URL_KMS"),
        endpoint(environment, "AWS_ENDPOINT_URL_SECRETS_MANAGER"),
        environment.optional("AWS_REGION").map(Region::of).orElse(null),
        credentials(environment).orElse(null));
  }

  /** Points a DynamoDB client's builder there. */
  public <B extends AwsClientBuilder<B, C>, C> B dynamoDb(B builder) {
    return configure(builder, dynamoDbEndpoint);
  }

  /** Points an SQS client's builder there. */
  public <B extends AwsClientBuilder<B, C>, C> B sqs(B builder) {
    return configure(builder, sqsEndpoint);
  }

  /** Points a KMS client's builder there. */
  public <B extends AwsClientBuilder<B, C>, C> B kms(B builder) {
    return configure(builder, kmsEndpoint);
  }

  /** Points a Secrets Manager client's builder there. */
  public <B extends AwsClientBuilder<B, C>, C> B secretsManager(B builder) {
    return configure(builder, secretsManagerEndpoint);
  }

  private <B extends AwsClientBuilder<B, C>, C> B configure(B builder, @Nullable URI own) {
    if (own != null) {
      builder.endpointOverride(own);
    } else if (endpoint != null) {
      builder.endpointOverride(endpoint);
    }
    if (region != null) {
      builder.region(region);
    }
    if (credentials != null) {
      builder.credentialsProvider(StaticCredentialsProvider.create(credentials));
    }
    return builder;
  }

  private static @Nullable URI endpoint(Environment environment, String name) {
    return environment.optional(name, Aws::httpUrl, "must be an http(s) URL").orElse(null);
  }

  private static URI httpUrl(String text) {
    URI uri = URI.create(text);
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!(scheme.equals("http") || scheme.equals("https")) || uri.getHost() == null) {
      throw new IllegalArgumentException();
    }
    return uri;
  }

  private static Optional<AwsCredentials> credentials(Environment environment) {
    Optional<String> id = environment.optional("AWS_ACCESS_KEY_ID");
    Optional<String> secret = environment.optional("AWS_SECRET_ACCESS_KEY");
    if (id.isEmpty() || secret.isEmpty()) {
      return Optional.empty();
    }
    // A Lambda's credentials come with a token and are wrong without it.
    return Optional.of(
        environment
            .optional("AWS_SESSION_TOKEN")
            .<AwsCredentials>map(
                token -> AwsSessionCredentials.create(id.get(), secret.get(), token))
            .orElseGet(() -> AwsBasicCredentials.create(id.get(), secret.get())));
  }

  @Override
  public String toString() {
    return "Aws[endpoint=%s, region=%s]".formatted(endpoint, region);
  }
}
