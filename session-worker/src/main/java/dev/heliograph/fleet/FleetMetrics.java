package dev.heliograph.fleet;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

/** A worker's part in the fleet: its beats, the shards that come and go, its sessions. */
final class FleetMetrics {
  private static final Duration[] TAKEOVER_BUCKETS = {
    Duration.ofSeconds(1),
    Duration.ofSeconds(2),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(20),
    Duration.ofSeconds(30),
    Duration.ofMinutes(1),
    Duration.ofMinutes(2)
  };

  private final MeterRegistry registry;
  private final MeterProvider<Timer> beats;
  private final Counter taken;
  private final Counter released;
  private final Counter lost;
  private final Timer takeovers;

  /** What a beat came to. */
  enum Beat {
    GOOD,
    /** A table was not reached. */
    MISSED,
    /** A defect. */
    FAILED
  }

  FleetMetrics(MeterRegistry registry) {
    this.registry = registry;
    beats =
        Timer.builder("heliograph.lease.beat")
            .description("A beat: writing ours, reading the others', taking what is free")
            .withRegistry(registry);
    for (Beat beat : Beat.values()) {
      timer(beat);
    }
    taken = counter("heliograph.shard.taken", "Shards taken");
    released = counter("heliograph.shard.released", "Shards given up in good order");
    lost = counter("heliograph.lease.lost", "Shards lost to another worker without being released");
    takeovers =
        Timer.builder("heliograph.takeover")
            .description("From taking a shard until a session that was connected is so again")
            .serviceLevelObjectives(TAKEOVER_BUCKETS)
            .register(registry);
  }

  private Timer timer(Beat beat) {
    return beats.withTag("outcome", beat.name().toLowerCase(Locale.ROOT));
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }

  /** Reads these whenever someone looks. */
  void watch(
      Supplier<Number> shardsHeld,
      Sessions sessions,
      int mostSessions,
      Supplier<Number> callLimit) {
    gauge("heliograph.session.limit", "So many sessions at a time", () -> mostSessions);
    gauge("heliograph.shard.held", "Shards held", shardsHeld);
    gauge(
        "heliograph.session.connected",
        "Live sessions that WhatsApp has let in",
        sessions::connected);
    gauge(
        "heliograph.mailbox.waiting",
        "What waits in the mailboxes of all sessions",
        sessions::waiting);
    gauge(
        "heliograph.mailbox.longest",
        "What waits in the fullest mailbox",
        sessions::longestMailbox);
    gauge(
        "heliograph.dynamodb.limit", "So many calls of sessions to DynamoDB at a time", callLimit);
  }

  private void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).register(registry);
  }

  void beaten(Beat beat, Duration took) {
    timer(beat).record(took);
  }

  void taken() {
    taken.increment();
  }

  void released() {
    released.increment();
  }

  void lost() {
    lost.increment();
  }

  void tookOver(Duration took) {
    takeovers.record(took);
  }
}
