package dev.heliograph.fleet;

import dev.heliograph.cloudwatch.MetricsLog;
import dev.heliograph.event.EventStreamMetrics;
import dev.heliograph.journal.JournalMetrics;
import dev.heliograph.session.SessionMetrics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmInfoMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Properties;

/**
 * All that a worker counts. No instance, customer or number is ever a tag: who reads metrics need
 * not know any, and a tag per instance would be a time series per instance.
 */
final class WorkerMetrics implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JournalMetrics journal = new JournalMetrics(registry);
  private final SessionMetrics sessions = new SessionMetrics(registry);
  private final FleetMetrics fleet = new FleetMetrics(registry);
  private final EventStreamMetrics streams = new EventStreamMetrics(registry);
  private final AwsMetrics aws = new AwsMetrics(registry);
  private final Takeovers takeovers = new Takeovers(System::nanoTime);
  private final PairedInstances instances = new PairedInstances(registry);
  private final Unsettled unsettled = new Unsettled();
  private final JvmGcMetrics garbageCollection = new JvmGcMetrics();

  WorkerMetrics() {
    garbageCollection.bindTo(registry);
    new JvmInfoMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    Gauge.builder("heliograph.build.info", () -> 1)
        .description("Always 1; the version is a label")
        .tag("version", version())
        .register(registry);
  }

  private static String version() {
    Properties build = new Properties();
    try (InputStream resource = WorkerMetrics.class.getResourceAsStream("build.properties")) {
      build.load(Objects.requireNonNull(resource, "build.properties"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return build.getProperty("version");
  }

  JournalMetrics journal() {
    return journal;
  }

  SessionMetrics sessions() {
    return sessions;
  }

  FleetMetrics fleet() {
    return fleet;
  }

  EventStreamMetrics streams() {
    return streams;
  }

  AwsMetrics aws() {
    return aws;
  }

  Takeovers takeovers() {
    return takeovers;
  }

  PairedInstances instances() {
    return instances;
  }

  Unsettled unsettled() {
    return unsettled;
  }

  /** Reads what is unsettled by this clock whenever someone looks. */
  void watch(InstantSource clock) {
    Gauge.builder("heliograph.message.unsettled", () -> unsettled.overdue(clock.instant()))
        .description("Outbound messages without an outcome for five minutes")
        .register(registry);
  }

  /** What tells CloudWatch. */
  CloudWatchReport report(MetricsLog log, InstantSource clock) {
    return new CloudWatchReport(registry, log, clock);
  }

  /** All of it as it is now, in Prometheus' text format. */
  String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    garbageCollection.close();
    registry.close();
  }
}
