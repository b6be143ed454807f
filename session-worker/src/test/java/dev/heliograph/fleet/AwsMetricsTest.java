package dev.heliograph.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.config.Aws;
import dev.heliograph.config.Environment;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

class AwsMetricsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger calls = new AtomicInteger();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  /** Throttles the first call, fails the second, and does the third. */
  private void answer(HttpServerRequest request) {
    switch (calls.incrementAndGet()) {
      case 1 ->
          request
              .response()
              .setStatusCode(400)
              .end("{\"__type\":\"com.amazonaws.dynamodb.v20120810#ThrottlingException\"}");
      case 2 -> request.response().setStatusCode(500).end("{}");
      default -> request.response().end("{\"TableNames\":[]}");
    }
  }

  @Test
  void eachAttemptThatWasThrottledIsCountedAndTheCallTimedOnce() {
    HttpServer server =
        vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1").await();
    Aws aws =
        Aws.from(
            new Environment(
                Map.of(
                    "AWS_ENDPOINT_URL", "http://127.0.0.1:" + server.actualPort(),
                    "AWS_REGION", "us-east-1",
                    "AWS_ACCESS_KEY_ID", "local",
                    "AWS_SECRET_ACCESS_KEY", "local")));

    DynamoDbClock clock = new DynamoDbClock(InstantSource.system());
    try (DynamoDbClient client =
        AwsClients.dynamoDb(aws, clock, new AwsMetrics(registry), PATIENCE, PATIENCE, 3)) {
      client.listTables();
    }

    assertThat(errors("throttled")).isEqualTo(1);
    assertThat(errors("server_error")).isEqualTo(1);
    assertThat(errors("timeout")).isZero();
    assertThat(
            registry
                .get("heliograph.aws.calls")
                .tags("service", "DynamoDB", "operation", "ListTables")
                .timer()
                .count())
        .isEqualTo(1);
  }

  private double errors(String kind) {
    return registry
        .get("heliograph.aws.errors")
        .tags("service", "DynamoDB", "kind", kind)
        .counter()
        .count();
  }
}
