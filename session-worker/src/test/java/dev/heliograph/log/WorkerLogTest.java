package dev.heliograph.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.json.Json;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkerLogTest {
  private static String write(WorkerLog log) {
    Logger logger = log.logger("dev.heliograph.fleet.Worker");
    ListAppender<ILoggingEvent> events = new ListAppender<>();
    events.start();
    logger.addAppender(events);
    logger.setAdditive(false);
    logger
        .atWarn()
        .addKeyValue("shard", 7)
        .addKeyValue("message", "msg_1")
        .setCause(new IllegalStateException("a \"cause\""))
        .log("tick missed");
    return log.line(events.list.getFirst());
  }

  @Test
  void anEventIsOneLineOfJsonWithItsKeysAsFields() throws Exception {
    String line = write(new WorkerLog(Map.of()));

    assertThat(line).endsWith("\n").hasLineCount(1);
    JsonNode json = Json.read(line);
    assertThat(json.propertyStream().map(Map.Entry::getKey))
        .containsExactlyInAnyOrder(
            "time", "level", "logger", "thread", "msg", "shard", "message", "error");
    assertThat(json.path("time").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:.*Z");
    assertThat(json.path("level").asText()).isEqualTo("WARN");
    assertThat(json.path("msg").asText()).isEqualTo("tick missed");
    assertThat(json.path("message").asText()).isEqualTo("msg_1");
    assertThat(json.path("shard").asInt()).isEqualTo(7);
    assertThat(json.path("error").asText()).startsWith("java.lang.IllegalStateException: a \"");
  }

  @Test
  void peopleMayReadItAsText() throws Exception {
    String lines = write(new WorkerLog(Map.of("HELIOGRAPH_LOG_FORMAT", "text")));

    assertThat(lines.lines().findFirst().orElseThrow())
        .contains("WARN", "tick missed", "shard=\"7\"")
        .doesNotContain("{");
  }

  @Test
  void ourOwnLevelCanBeChosenAndThatOfOthersIsWarn() throws Exception {
    WorkerLog log = new WorkerLog(Map.of("HELIOGRAPH_LOG_LEVEL", "DEBUG"));

    assertThat(log.logger("dev.heliograph.fleet").getEffectiveLevel()).isEqualTo(Level.DEBUG);
    assertThat(log.logger("io.vertx").getEffectiveLevel()).isEqualTo(Level.WARN);
    assertThat(new WorkerLog(Map.of()).logger("dev.heliograph.fleet").getEffectiveLevel())
        .isEqualTo(Level.INFO);
  }
}
