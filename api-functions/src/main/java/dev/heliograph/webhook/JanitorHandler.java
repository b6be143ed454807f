package dev.heliograph.webhook;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import dev.heliograph.cloudwatch.MetricsLog;
import dev.heliograph.function.Functions;
import dev.heliograph.function.Primed;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs the janitor on its schedule. */
public final class JanitorHandler
    implements RequestHandler<ScheduledEvent, @Nullable Void>, Primed {
  private final Janitor janitor;
  private final @Nullable MetricsLog metrics;
  private final InstantSource clock;

  /** As Lambda makes it, from the process's environment. */
  public JanitorHandler() {
    this(Functions.fromEnvironment());
    awaitSnapshot();
  }

  private JanitorHandler(Functions functions) {
    this(functions.janitor(), functions.metricsLog().orElse(null), InstantSource.system());
  }

  /**
   * With everything given.
   *
   * @param metrics where it says what it found; null for nowhere
   */
  public JanitorHandler(Janitor janitor, @Nullable MetricsLog metrics, InstantSource clock) {
    this.janitor = janitor;
    this.metrics = metrics;
    this.clock = clock;
  }

  @Override
  public @Nullable Void handleRequest(ScheduledEvent event, Context context) {
    long overdue = janitor.sweep();
    if (metrics != null) {
      metrics.write(clock.instant(), Map.of("MessagesOverdue", overdue));
    }
    return null;
  }

  /** A sweep: one more does no harm. */
  @Override
  public void prime() {
    var _ = janitor.sweep();
  }
}
