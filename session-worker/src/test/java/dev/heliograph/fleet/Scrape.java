package dev.heliograph.fleet;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a registry answers to Prometheus: each metric with its type and the names of its labels. */
record Scrape(Map<String, Metric> metrics, Set<String> series) {
  private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
  private static final Pattern SAMPLE = Pattern.compile("([a-z0-9_]+)(?:\\{(.*)})? \\S+");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");

  /** Of Prometheus' own labels there is none among these. */
  record Metric(String type, Set<String> labels) {}

  static Scrape of(String text) {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    Set<String> series = new HashSet<>();
    Metric current = new Metric("", new TreeSet<>());
    for (String line : text.lines().toList()) {
      Matcher type = TYPE.matcher(line);
      Matcher sample = SAMPLE.matcher(line);
      if (type.matches()) {
        current = new Metric(type.group(2), new TreeSet<>());
        metrics.put(type.group(1), current);
      } else if (sample.matches()) {
        series.add(sample.group(1));
        LABEL
            .matcher(sample.group(2) == null ? "" : sample.group(2))
            .results()
            .map(label -> label.group(1))
            .filter(label -> !label.equals("le"))
            .forEach(current.labels()::add);
      }
    }
    return new Scrape(withoutMaxima(metrics), series);
  }

  /** The maximum of a timer is part of it. */
  private static Map<String, Metric> withoutMaxima(Map<String, Metric> metrics) {
    return metrics.entrySet().stream()
        .filter(
            metric ->
                !metric.getKey().endsWith("_max")
                    || !metrics.containsKey(metric.getKey().replaceAll("_max$", "")))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
