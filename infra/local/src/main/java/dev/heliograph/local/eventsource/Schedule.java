package dev.heliograph.local.eventsource;

import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import dev.heliograph.local.function.LocalFunction;
import java.time.Duration;
import java.util.UUID;

/**
 * A scheduler's rate: calls a function at once and then again after each interval, one call at a
 * time. A call that fails is not repeated before the next one is due.
 */
public final class Schedule implements AutoCloseable {
  private final Poller poller;

  private Schedule(Poller poller) {
    this.poller = poller;
  }

  /** Calls until it is closed. */
  public static Schedule start(LocalFunction<ScheduledEvent, ?> function, Duration interval) {
    return new Schedule(
        Poller.start(
            function.name() + "-schedule",
            poller -> {
              poller.handle(() -> function.invoke(event()));
              poller.pause(interval);
            }));
  }

  /** Interrupts a call that is not done soon. */
  @Override
  public void close() {
    poller.close();
  }

  private static ScheduledEvent event() {
    return new ScheduledEvent()
        .withVersion("0")
        .withId(UUID.randomUUID().toString())
        .withSource("aws.events")
        .withDetailType("Scheduled Event")
        .withRegion("us-east-1");
  }
}
