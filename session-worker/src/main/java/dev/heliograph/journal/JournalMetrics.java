package dev.heliograph.journal;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;

/** What all logs of a worker do. */
public final class JournalMetrics implements LogListener {
  private static final Duration[] APPEND_BUCKETS = {
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500)
  };

  private final MeterProvider<Timer> appends;
  private final Timer checkpoints;
  private final DistributionSummary checkpointSizes;

  /** Counted there. */
  public JournalMetrics(MeterRegistry registry) {
    appends =
        Timer.builder("heliograph.journal.append")
            .description("One try of putting an entry, by what it came to")
            .serviceLevelObjectives(APPEND_BUCKETS)
            .withRegistry(registry);
    for (Outcome outcome : Outcome.values()) {
      timer(outcome);
    }
    checkpoints =
        Timer.builder("heliograph.journal.checkpoint")
            .description("Writing a checkpoint with the rows and records before it")
            .register(registry);
    checkpointSizes =
        DistributionSummary.builder("heliograph.journal.checkpoint.size")
            .description("A checkpoint's state as JSON")
            .baseUnit("bytes")
            .register(registry);
  }

  private Timer timer(Outcome outcome) {
    return appends.withTag("outcome", outcome.name().toLowerCase(Locale.ROOT));
  }

  @Override
  public void tried(Outcome outcome, Duration took) {
    timer(outcome).record(took);
  }

  @Override
  public void checkpointed(int bytes, Duration took) {
    checkpoints.record(took);
    checkpointSizes.record(bytes);
  }
}
