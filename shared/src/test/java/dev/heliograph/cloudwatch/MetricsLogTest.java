package dev.heliograph.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heliograph.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricsLogTest {
  @Test
  void figuresAreOneLineOfTheEmbeddedMetricFormat() {
    List<String> lines = new ArrayList<>();
    Map<String, Long> figures = new LinkedHashMap<>();
    figures.put("ShardsHeld", 8L);
    figures.put("LeasesLost", 0L);

    new MetricsLog("Heliograph", "mine-", lines::add)
        .write(Instant.ofEpochMilli(1_700_000_000_123L), figures);

    assertThat(lines).singleElement().asString().doesNotContain("\n");
    assertThat(Json.read(lines.getFirst()))
        .isEqualTo(
            Json.read(
                """
                {"_aws":{"Timestamp":1700000000123,"CloudWatchMetrics":[
                  {"Namespace":"Heliograph","Dimensions":[["Deployment"]],
                   "Metrics":[{"Name":"ShardsHeld","Unit":"Count"},
                              {"Name":"LeasesLost","Unit":"Count"}]}]},
                 "Deployment":"mine-","ShardsHeld":8,"LeasesLost":0}
                """));
  }
}
