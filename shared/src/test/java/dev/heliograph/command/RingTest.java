package dev.heliograph.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.instance.InstanceId;
import dev.heliograph.message.MessageId;
import dev.heliograph.message.QueuePlace;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RingTest {
  private static final InstanceId INSTANCE = new InstanceId("inst_01ARZ3NDEKTSV4RRFFQ69G5FAV");
  private static final MessageId MESSAGE = MessageId.outbound(INSTANCE, "3EB0");
  private static final Ring OF_MESSAGE =
      new Ring(INSTANCE, Optional.of(new QueuePlace(Instant.ofEpochMilli(1_777_777), MESSAGE)));
  private static final Ring OF_INSTANCE = new Ring(INSTANCE, Optional.empty());

  @Test
  void itSaysWhereToLook() {
    assertThat(OF_MESSAGE.toJson())
        .isEqualTo(
            "{\"instance\":\"%s\",\"message\":\"%s\",\"accepted_at\":1777777}"
                .formatted(INSTANCE, MESSAGE));
    assertThat(OF_INSTANCE.toJson()).isEqualTo("{\"instance\":\"%s\"}".formatted(INSTANCE));
    assertThat(Ring.parse(OF_MESSAGE.toJson())).contains(OF_MESSAGE);
    assertThat(Ring.parse(OF_INSTANCE.toJson())).contains(OF_INSTANCE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"1777777\"", "17.5", "null", "{}"})
  void withoutATimeItNamesNoMessage(String time) {
    assertThat(parse(time)).contains(OF_INSTANCE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"9223372036854775807", "-9223372036854775808", "123456789012345678901234567890"})
  void anAbsurdTimeIsOne(String time) {
    assertThat(parse(time)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{\"instance\":\"no\"}", "{\"instance\":{}}", "{"})
  void whatIsNoRingIsNone(String odd) {
    assertThat(Ring.parse(odd)).isEmpty();
  }

  private static Optional<Ring> parse(String acceptedAt) {
    return Ring.parse(
        "{\"instance\":\"%s\",\"message\":\"%s\",\"accepted_at\":%s}"
            .formatted(INSTANCE, MESSAGE, acceptedAt));
  }
}
