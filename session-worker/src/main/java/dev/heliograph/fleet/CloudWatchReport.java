package dev.heliograph.fleet;

import dev.heliograph.cloudwatch.MetricsLog;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells CloudWatch each minute what scaling and alarms need to know of a worker. What is counted is
 * told as what has come since the last time.
 */
final class CloudWatchReport implements Runnable {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private static final Logger logger = LoggerFactory.getLogger(CloudWatchReport.class);

  private final MeterRegistry registry;
  private final MetricsLog log;
  private final InstantSource clock;
  private final Map<String, Double> told = new HashMap<>();

  CloudWatchReport(MeterRegistry registry, MetricsLog log, InstantSource clock) {
    this.registry = registry;
    this.log = log;
    this.clock = clock;
  }

  /**
   * Writes in the middle of each minute, so that each of CloudWatch's minutes has exactly one line
   * of each worker, and a sum over a minute is one over workers.
   */
  @Override
  public void run() {
    try {
      while (true) {
        Thread.sleep(untilNext(clock.instant()));
        try {
          write();
        } catch (RuntimeException defect) {
          // The edge of a minute: alarms would take a silent worker for one that is gone.
          logger.atError().setCause(defect).log("figures not written");
        }
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  static Duration untilNext(Instant now) {
    long minute = MINUTE.toMillis();
    long past = Math.floorMod(now.toEpochMilli() - minute / 2, minute);
    return Duration.ofMillis(minute - past);
  }

  synchronized void write() {
    Map<String, Long> figures = new LinkedHashMap<>();
    figures.put("SessionsLive", gauge("heliograph.session.active"));
    figures.put("InstancesWanted", gauge("heliograph.instance.wanted"));
    figures.put("InstancesConnected", gauge("heliograph.instance.connected"));
    figures.put("ShardsHeld", gauge("heliograph.shard.held"));
    figures.put("SendsUnsettled", gauge("heliograph.message.unsettled"));
    figures.put("LeasesLost", since("heliograph.lease.lost"));
    figures.put("SessionsFailed", since("heliograph.session.ends", "how", "failed"));
    figures.put(
        "ClientOutdated",
        since("heliograph.session.transitions", "to", "failed", "reason", "client_outdated"));
    figures.put("Throttled", since("heliograph.aws.errors", "kind", "throttled"));
    figures.put("KmsErrors", since("heliograph.aws.errors", "service", "KMS"));
    log.write(clock.instant(), figures);
  }

  private long gauge(String name) {
    return Math.round(registry.get(name).gauges().stream().mapToDouble(Gauge::value).sum());
  }

  /** A counter that nothing has counted yet may not be there. */
  private long since(String name, String... tags) {
    double now =
        registry.find(name).tags(tags).counters().stream().mapToDouble(Counter::count).sum();
    Double before = told.put(name + String.join(",", tags), now);
    return Math.round(now - (before == null ? 0 : before));
  }
}
