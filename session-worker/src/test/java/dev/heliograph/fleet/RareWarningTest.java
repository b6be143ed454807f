package dev.heliograph.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.heliograph.table.UnansweredException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RareWarningTest {
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final RareWarning warning = new RareWarning(logger(), "bell not heard", nanos::get);

  private Logger logger() {
    Logger logger = new LoggerContext().getLogger("bell");
    lines.start();
    logger.addAppender(lines);
    return logger;
  }

  @Test
  void saysTheReasonOnOneLine() {
    warning.of(7, new UnansweredException(new IllegalStateException("connection refused")));

    ILoggingEvent line = lines.list.getFirst();
    assertThat(line.getMessage()).isEqualTo("bell not heard");
    assertThat(line.getThrowableProxy()).isNull();
    assertThat(line.getKeyValuePairs())
        .extracting(Object::toString)
        .containsExactly("shard=\"7\"", "reason=\"connection refused\"", "unsaid=\"0\"");
  }

  @Test
  void saysSoAgainAfterAWhileAndHowOftenItWasInBetween() {
    RuntimeException refused = new IllegalStateException("connection refused");
    warning.of(1, refused);
    warning.of(2, refused);
    warning.of(refused);
    assertThat(lines.list).hasSize(1);

    nanos.addAndGet(RareWarning.APART.toNanos());
    warning.of(3, refused);

    assertThat(lines.list).hasSize(2);
    assertThat(lines.list.getLast().getKeyValuePairs())
        .extracting(Object::toString)
        .contains("shard=\"3\"", "unsaid=\"2\"");
  }
}
