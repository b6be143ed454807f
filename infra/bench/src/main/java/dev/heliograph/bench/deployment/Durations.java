package dev.heliograph.bench.deployment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.heliograph.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Measured times, shortest first. */
public record Durations(List<Duration> sorted) {
  public Durations {
    sorted = sorted.stream().sorted().toList();
  }

  /** The one that so many percent do not exceed; zero if nothing was measured. */
  public Duration percentile(int percent) {
    if (sorted.isEmpty()) return Duration.ZERO;
    int rank = Math.ceilDiv(sorted.size() * percent, 100);
    return sorted.get(Math.max(rank, 1) - 1);
  }

  /** The percentiles, in seconds. */
  public ObjectNode json() {
    return Json.object()
        .put("count", sorted.size())
        .put("p50", seconds(50))
        .put("p99", seconds(99))
        .put("max", seconds(100));
  }

  /** In seconds, such as {@code p50 4.1 s, p99 4.9 s, max 5.0 s (120)}, or {@code none}. */
  @Override
  public String toString() {
    if (sorted.isEmpty()) return "none";
    return String.format(
        Locale.ROOT,
        "p50 %.1f s, p99 %.1f s, max %.1f s (%d)",
        seconds(50),
        seconds(99),
        seconds(100),
        sorted.size());
  }

  /** A percentile in seconds. */
  public double seconds(int percent) {
    return percentile(percent).toMillis() / 1000.0;
  }
}
