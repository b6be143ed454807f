package dev.heliograph.cloudwatch;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.json.Json;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Writes figures as lines that CloudWatch makes metrics of where the log goes there: its embedded
 * metric format. Every figure is a count with one dimension, {@code Deployment}, so that all of a
 * deployment's processes add up to one metric and those of two in one account do not.
 */
public final class MetricsLog {
  private static final String DEPLOYMENT = "Deployment";

  private final String namespace;
  private final String deployment;
  private final Consumer<String> out;

  /**
   * A log of one process.
   *
   * @param deployment what the names of its tables begin with
   * @param out takes a line
   */
  public MetricsLog(String namespace, String deployment, Consumer<String> out) {
    this.namespace = namespace;
    this.deployment = deployment;
    this.out = out;
  }

  /** Writes figures by their names, in one line. */
  public void write(Instant at, Map<String, Long> figures) {
    ObjectNode line = Json.object();
    ObjectNode aws = line.putObject("_aws").put("Timestamp", at.toEpochMilli());
    ObjectNode directive = aws.putArray("CloudWatchMetrics").addObject();
    directive.put("Namespace", namespace);
    directive.putArray("Dimensions").addArray().add(DEPLOYMENT);
    ArrayNode metrics = directive.putArray("Metrics");
    line.put(DEPLOYMENT, deployment);
    figures.forEach(
        (name, value) -> {
          metrics.addObject().put("Name", name).put("Unit", "Count");
          line.put(name, value);
        });
    out.accept(Json.write(line));
  }
}
