package dev.heliograph.webhook;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import dev.heliograph.function.Functions;
import dev.heliograph.function.Primed;
import org.jspecify.annotations.Nullable;

/** Runs the janitor on its schedule. */
public final class JanitorHandler
    implements RequestHandler<ScheduledEvent, @Nullable Void>, Primed {
  private final Janitor janitor;

  /** As Lambda makes it, from the process's environment. */
  public JanitorHandler() {
    this(Functions.fromEnvironment().janitor());
    awaitSnapshot();
  }

  /** With everything given. */
  public JanitorHandler(Janitor janitor) {
    this.janitor = janitor;
  }

  @Override
  public @Nullable Void handleRequest(ScheduledEvent event, Context context) {
    janitor.sweep();
    return null;
  }

  /** A sweep: one more does no harm. */
  @Override
  public void prime() {
    janitor.sweep();
  }
}
