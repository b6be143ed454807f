package dev.heliograph.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentTest {
  @Test
  void whatIsNotSetIsItsFallback() {
    Environment environment = new Environment(Map.of("EMPTY", " "));

    assertThat(environment.optional("EMPTY")).isEmpty();
    assertThat(environment.string("NAME", "fallback")).isEqualTo("fallback");
    assertThat(environment.integer("NUMBER", 7, 1, 10)).isEqualTo(7);
    assertThat(environment.millis("TICK", Duration.ofSeconds(30)))
        .isEqualTo(Duration.ofSeconds(30));
    assertThat(environment.duration("GRACE", Duration.ofSeconds(20)))
        .isEqualTo(Duration.ofSeconds(20));
    assertThat(environment.list("LIST", Integer::valueOf, "must be numbers")).isEmpty();
    environment.check();
  }

  @Test
  void allProblemsAreReportedTogetherWithoutTheirValues() {
    Environment environment =
        new Environment(
            Map.of("PORT", "70000", "GRACE", "soon", "LIST", "1,two", "SECRET", "hunter2"));

    environment.required("KEY");
    environment.integer("PORT", 80, 1, 65535);
    environment.duration("GRACE", Duration.ofSeconds(1));
    environment.list("LIST", Integer::valueOf, "must be numbers");
    environment.parsed("SECRET", 0, Integer::valueOf, "must be a number");

    assertThatThrownBy(environment::check)
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            """
            invalid configuration:
              KEY must be set
              PORT must be a whole number from 1 to 65535
              GRACE must be a duration such as 500ms, 20s, 10m, 24h or 7d
              LIST must be numbers
              SECRET must be a number\
            """)
        .hasMessageNotContainingAny("hunter2", "soon", "70000");
  }

  @ParameterizedTest
  @CsvSource({"500ms, PT0.5S", "20s, PT20S", "10m, PT10M", "24h, PT24H", "7d, PT168H"})
  void aDurationHasItsUnit(String text, Duration duration) {
    Environment environment = new Environment(Map.of("GRACE", text));

    assertThat(environment.duration("GRACE", Duration.ofDays(99))).isEqualTo(duration);
    environment.check();
  }

  @ParameterizedTest
  @ValueSource(strings = {"20", "20 s", "-1s", "0s", "1w", "PT20S", "9999999999s"})
  void whatIsNoDurationIsAProblem(String text) {
    Environment environment = new Environment(Map.of("GRACE", text));

    environment.duration("GRACE", Duration.ofSeconds(1));

    assertThatThrownBy(environment::check).isInstanceOf(ConfigurationException.class);
  }

  @Test
  void aListIsSplitAtItsCommas() {
    Environment environment = new Environment(Map.of("LIST", "1, 2,,3"));

    assertThat(environment.list("LIST", Integer::valueOf, "must be numbers"))
        .isEqualTo(List.of(1, 2, 3));
  }

  @Test
  void awsIsWhereTheVariablesSay() {
    Environment environment =
        new Environment(
            Map.of(
                "AWS_ENDPOINT_URL", "http://127.0.0.1:1",
                "AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:2",
                "AWS_REGION", "eu-west-1",
                "AWS_ACCESS_KEY_ID", "id",
                "AWS_SECRET_ACCESS_KEY", "hunter2"));

    Aws aws = Aws.from(environment);

    environment.check();
    assertThat(String.valueOf(aws.endpoint())).isEqualTo("http://127.0.0.1:1");
    assertThat(String.valueOf(aws.sqsEndpoint())).isEqualTo("http://127.0.0.1:2");
    assertThat(aws.dynamoDbEndpoint()).isNull();
    assertThat(aws.toString()).doesNotContain("hunter2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:8000", "localhost", "ftp://127.0.0.1/", "http://"})
  void anEndpointIsAUrl(String url) {
    Environment environment = new Environment(Map.of("AWS_ENDPOINT_URL", url));

    Aws.from(environment);

    assertThatThrownBy(environment::check).hasMessageContaining("AWS_ENDPOINT_URL");
  }

  @Test
  void aSecretIsNotPrinted() {
    assertThat(new Secret("hunter2").toString()).isEqualTo("[redacted]");
  }
}
