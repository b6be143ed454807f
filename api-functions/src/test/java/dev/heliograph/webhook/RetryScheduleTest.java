package dev.heliograph.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryScheduleTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final RetrySchedule schedule = new RetrySchedule(List.of(MINUTE), new Random(1));

  @Test
  void eachDelayIsSpreadByAFifth() {
    List<Duration> drawn =
        IntStream.range(0, 1000).mapToObj(i -> schedule.delayAfter(1).orElseThrow()).toList();

    assertThat(drawn).allMatch(delay -> !delay.minusSeconds(48).isNegative());
    assertThat(drawn).allMatch(delay -> !Duration.ofSeconds(72).minus(delay).isNegative());
    assertThat(drawn).anyMatch(delay -> delay.compareTo(Duration.ofSeconds(51)) < 0);
    assertThat(drawn).anyMatch(delay -> delay.compareTo(Duration.ofSeconds(69)) > 0);
  }

  @Test
  void afterTheLastOneThereIsNone() {
    assertThat(schedule.delayAfter(2)).isEmpty();
  }
}
