package dev.heliograph.event;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** The event streams of a worker. */
public final class EventStreamMetrics {
  private final AtomicInteger open = new AtomicInteger();
  private final Counter streamed;

  /** Counts in this registry. */
  public EventStreamMetrics(MeterRegistry registry) {
    Gauge.builder("heliograph.event.streams", open::get)
        .description("Open event streams")
        .register(registry);
    streamed =
        Counter.builder("heliograph.event.streamed")
            .description("Events sent by streams")
            .register(registry);
  }

  void opened() {
    open.incrementAndGet();
  }

  void closed() {
    open.decrementAndGet();
  }

  void streamed() {
    streamed.increment();
  }
}
