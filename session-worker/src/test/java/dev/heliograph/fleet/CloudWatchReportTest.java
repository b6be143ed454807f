package dev.heliograph.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.cloudwatch.MetricsLog;
import dev.heliograph.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CloudWatchReportTest extends WithWorker {
  private final List<String> lines = new ArrayList<>();

  private CloudWatchReport report(InstantSource clock) {
    return metrics().report(new MetricsLog("Heliograph", dynamoDb.prefix(), lines::add), clock);
  }

  private JsonNode next(CloudWatchReport report) {
    report.write();
    return Json.read(lines.getLast());
  }

  @Test
  void itTellsWhatScalingAndAlarmsNeed() throws Exception {
    CloudWatchReport report = report(InstantSource.system());
    String phone = newPhone();
    pair(phone);
    await().atMost(SOON).until(() -> next(report).path("InstancesConnected").asInt() == 1);

    JsonNode figures = next(report);
    assertThat(figures.path("Deployment").asText()).isEqualTo(dynamoDb.prefix());
    assertThat(figures.path("SessionsLive").asInt()).isEqualTo(1);
    assertThat(figures.path("InstancesWanted").asInt()).isEqualTo(1);
    assertThat(figures.path("ShardsHeld").asInt()).isEqualTo(16);
    assertThat(figures.path("SendsUnsettled").asInt()).isZero();
    assertThat(figures.path("KmsErrors").asInt()).isZero();
  }

  @Test
  void whatIsCountedIsToldOnce() {
    CloudWatchReport report = report(InstantSource.system());
    next(report);

    metrics().fleet().lost();
    assertThat(next(report).path("LeasesLost").asInt()).isEqualTo(1);
    assertThat(next(report).path("LeasesLost").asInt()).isZero();
  }

  @Test
  void itIsWrittenInTheMiddleOfEachMinute() {
    Instant minute = Instant.parse("2026-01-01T10:00:00Z");

    assertThat(CloudWatchReport.untilNext(minute)).isEqualTo(Duration.ofSeconds(30));
    assertThat(CloudWatchReport.untilNext(minute.plusSeconds(30))).isEqualTo(Duration.ofMinutes(1));
    assertThat(CloudWatchReport.untilNext(minute.plusSeconds(31)))
        .isEqualTo(Duration.ofSeconds(59));
  }
}
