package dev.heliograph.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heliograph.fleet.Scrape.Metric;
import dev.heliograph.json.Json;
import dev.heliograph.session.QueueMailbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is written about the metrics is what there is. */
class MetricsDocumentsTest {
  private static final Path PAGE = Path.of("../docs/metrics.md");
  private static final Path DASHBOARD = Path.of("../infra/grafana/worker.json");

  private static final Pattern ROW =
      Pattern.compile("\\| `([a-z0-9_]+)` \\| (\\w+) \\|([^|]*)\\| [^|]{10,} \\|");
  private static final Pattern SERIES =
      Pattern.compile("\\b(?:heliograph|jvm|process|system)_[a-z0-9_]+");

  private static final WorkerMetrics metrics = new WorkerMetrics();

  @AfterAll
  static void close() {
    metrics.close();
  }

  @BeforeAll
  static void watch() {
    Sessions none =
        new Sessions(
            (instance, shard, mailbox) -> SessionRunner.After.REST,
            QueueMailbox::new,
            new Starts(1, new HeldBackThreads((in, what) -> {})),
            1,
            Duration.ZERO,
            new HeldBackThreads((in, what) -> {}),
            System::nanoTime,
            new Random());
    metrics.fleet().watch(() -> 0, none, 1, () -> 1);
    metrics.watch(InstantSource.system());
    System.gc(); // before the first pause there is no metric of it
    await().until(() -> metrics.scrape().contains("jvm_gc_pause_seconds_sum"));
  }

  private static Scrape scrape() {
    return Scrape.of(metrics.scrape());
  }

  private static Map<String, Metric> described() throws IOException {
    Map<String, Metric> described = new TreeMap<>();
    for (String line : Files.readAllLines(PAGE)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        Set<String> labels =
            Arrays.stream(row.group(3).split("[`, ]+"))
                .filter(label -> !label.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
        described.put(row.group(1), new Metric(row.group(2), labels));
      } else {
        assertThat(line).doesNotMatch("\\| `(heliograph|jvm|process|system)_.*");
      }
    }
    return described;
  }

  @Test
  void thePageDescribesEveryMetricAndNoOther() throws IOException {
    Map<String, Metric> described = described();
    Map<String, Metric> registered = new TreeMap<>(scrape().metrics());
    // Which others there are depends on the collector.
    described
        .keySet()
        .removeIf(name -> name.startsWith("jvm_gc_") && !registered.containsKey(name));

    assertThat(described).containsExactlyEntriesOf(registered);
  }

  @Test
  void theDashboardAsksForWhatThereIs() throws IOException {
    JsonNode dashboard = Json.read(Files.readString(DASHBOARD));
    Set<String> there = scrape().series();

    List<JsonNode> panels =
        dashboard.path("panels").valueStream().filter(panel -> !isRow(panel)).toList();
    assertThat(panels).hasSizeGreaterThan(10);
    assertThat(panels)
        .allSatisfy(
            panel -> {
              assertThat(panel.path("datasource").path("uid").asText()).isEqualTo("${datasource}");
              assertThat(panel.path("targets")).isNotEmpty();
            });
    for (String expression : dashboard.findValuesAsText("expr")) {
      Set<String> asked =
          SERIES.matcher(expression).results().map(MatchResult::group).collect(Collectors.toSet());
      assertThat(asked).as(expression).isNotEmpty();
      assertThat(there).as(expression).containsAll(asked);
    }
  }

  private static boolean isRow(JsonNode panel) {
    return panel.path("type").asText().equals("row");
  }

  @Test
  void thePanelsOfTheDashboardDoNotOverlap() throws IOException {
    Set<String> cells = new TreeSet<>();
    for (JsonNode panel : Json.read(Files.readString(DASHBOARD)).path("panels")) {
      JsonNode place = panel.path("gridPos");
      assertThat(place.path("x").asInt() + place.path("w").asInt()).isBetween(1, 24);
      for (int x = 0; x < place.path("w").asInt(); x++) {
        for (int y = 0; y < place.path("h").asInt(); y++) {
          String cell = (place.path("x").asInt() + x) + "," + (place.path("y").asInt() + y);
          assertThat(cells.add(cell)).as(panel.path("title").asText()).isTrue();
        }
      }
    }
  }
}
