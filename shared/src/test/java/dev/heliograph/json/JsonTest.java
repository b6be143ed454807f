package dev.heliograph.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{} {}",
        "{\"a\":1,\"a\":2}",
        "tru",
        "+14155550123",
        "14155e99999999999"
      })
  void whatIsNotOneValueIsRefusedWithoutQuotingIt(String text) {
    assertThatThrownBy(() -> Json.read(text))
        .isInstanceOf(MalformedJsonException.class)
        .hasNoCause()
        .hasMessageNotContaining("1415");
  }

  @Test
  void nestingHasAnEnd() {
    assertThatThrownBy(() -> Json.read("[".repeat(100_000)))
        .isInstanceOf(MalformedJsonException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"b\":1,\"a\":[null,true,\"ü\"]}",
        "0.1",
        "2.50",
        "12345678901234567890",
        "1E+400"
      })
  void whatWasReadIsWrittenAgain(String text) {
    assertThat(Json.write(Json.read(text))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-05-01T12:34:56Z, 2026-05-01T12:34:56.000Z",
    "2026-05-01T12:34:56.7899Z, 2026-05-01T12:34:56.789Z",
    "2025-12-31T22:00:00.0001Z, 2025-12-31T22:00:00.000Z",
  })
  void timesHaveThreeDecimalsInUtc(Instant time, String text) {
    assertThat(Timestamps.format(time)).isEqualTo(text);
    assertThat(Timestamps.formatNullable(null)).isNull();
  }
}
