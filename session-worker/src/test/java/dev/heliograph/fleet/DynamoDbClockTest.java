package dev.heliograph.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heliograph.config.Aws;
import dev.heliograph.config.Environment;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

class DynamoDbClockTest {
  private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Vertx vertx = Vertx.vertx();
  private HttpServer server;
  private volatile Instant machine = NOON;
  private @Nullable String date;
  private Duration onTheWay = Duration.ZERO;

  @BeforeEach
  void start() {
    server =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> {
                  machine = machine.plus(onTheWay);
                  HttpServerResponse response = request.response();
                  if (date != null) {
                    response.putHeader("Date", date);
                  }
                  response.end("{\"TableNames\":[]}");
                })
            .listen(0, "127.0.0.1")
            .await();
  }

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT1H", "PT-1H", "PT6S", "PT-6S", "P400D"})
  void aMachineThatIsOffIsPutRight(Duration off) {
    DynamoDbClock clock = new DynamoDbClock(() -> machine.plus(off));
    date = rfc1123(NOON);

    call(clock);

    assertThat(clock.instant()).isCloseTo(NOON, within(1, ChronoUnit.SECONDS));
    machine = machine.plusSeconds(90);
    assertThat(clock.instant()).isCloseTo(NOON.plusSeconds(90), within(1, ChronoUnit.SECONDS));
  }

  @Test
  void aMachineThatIsRightIsLeftAlone() {
    machine = NOON.plusMillis(700);
    DynamoDbClock clock = new DynamoDbClock(() -> machine);
    date = rfc1123(NOON);

    call(clock);

    assertThat(clock.instant()).isEqualTo(machine);
  }

  @Test
  void anAnswerThatWasLongOnItsWaySaysNoMoreThanItDoes() {
    DynamoDbClock clock = new DynamoDbClock(() -> machine);
    date = rfc1123(NOON.plusSeconds(100));
    onTheWay = Duration.ofMinutes(5);

    call(clock);

    assertThat(clock.instant()).isEqualTo(machine);
  }

  @ParameterizedTest
  @ValueSource(strings = {"yesterday", "Fri, 99 May 2026 12:00:00 GMT", "-1"})
  void aDateThatIsNoneChangesNothing(String nonsense) {
    DynamoDbClock clock = new DynamoDbClock(() -> machine);
    date = nonsense;

    call(clock);

    assertThat(clock.instant()).isEqualTo(NOON);
  }

  private void call(DynamoDbClock clock) {
    String endpoint = "http://127.0.0.1:" + server.actualPort();
    Aws aws =
        Aws.from(
            new Environment(
                Map.of(
                    "AWS_ENDPOINT_URL", endpoint,
                    "AWS_REGION", "us-east-1",
                    "AWS_ACCESS_KEY_ID", "local",
                    "AWS_SECRET_ACCESS_KEY", "local")));
    AwsMetrics metrics = new AwsMetrics(new SimpleMeterRegistry());
    try (DynamoDbClient client = AwsClients.dynamoDb(aws, clock, metrics, PATIENCE, PATIENCE, 1)) {
      client.listTables();
    }
  }

  private static String rfc1123(Instant instant) {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(instant.atOffset(ZoneOffset.UTC));
  }
}
