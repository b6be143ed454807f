package dev.heliograph.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.table.LocalSqs;
import dev.heliograph.table.ThrottledException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

class UnavailableTest {
  @RegisterExtension static final LocalSqs sqs = LocalSqs.with();

  static final List<RuntimeException> FAILURES =
      List.of(
          ApiCallTimeoutException.create(5000),
          answer(400, "ThrottlingException"),
          answer(500, "InternalServerError"),
          new ThrottledException(answer(400, "ThrottlingException")));

  static final List<RuntimeException> DEFECTS =
      List.of(
          answer(400, "ValidationException"),
          answer(400, "AccessDeniedException"),
          new IllegalStateException());

  @ParameterizedTest
  @FieldSource("FAILURES")
  void whereDynamoDbDoesNotPlayAlongTheCallerIsAskedToComeAgain(RuntimeException failure) {
    Answer answer = call(failure);

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.code()).isEqualTo("unavailable");
    assertThat(answer.headers()).containsEntry("Retry-After", "5");
  }

  @ParameterizedTest
  @FieldSource("DEFECTS")
  void whatWillFailEachTimeIsADefect(RuntimeException failure) {
    assertThat(call(failure).status()).isEqualTo(500);
  }

  private static Answer call(RuntimeException failure) {
    DynamoDbClient failing =
        (DynamoDbClient)
            Proxy.newProxyInstance(
                UnavailableTest.class.getClassLoader(),
                new Class<?>[] {DynamoDbClient.class},
                (proxy, method, arguments) -> {
                  throw failure;
                });
    TestApi api = new TestApi(failing, "any-", sqs, Duration.ofMillis(100));
    return api.call("Bearer hg_" + "0".repeat(64), "GET", "/v1/instances", null);
  }

  private static RuntimeException answer(int status, String code) {
    return DynamoDbException.builder()
        .statusCode(status)
        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
        .build();
  }
}
