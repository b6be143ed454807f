package dev.heliograph.event;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.heliograph.function.Functions;
import dev.heliograph.instance.InstanceId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Runs fan-out again for an operator: {@code {"since":"2026-05-01T00:00:00Z"}}. The answer is
 * {@code {}}, or, where one call's time was too short, the next call's input.
 */
public final class FanoutAgainHandler
    implements RequestHandler<Map<String, String>, Map<String, String>> {
  private static final String SINCE = "since";
  private static final String AFTER = "after";

  /** What one instance may take. */
  private static final Duration RESERVE = Duration.ofMinutes(5);

  private final FanoutAgain fanout;

  /** As Lambda makes it, from the process's environment. */
  public FanoutAgainHandler() {
    this(Functions.fromEnvironment().fanoutAgain());
  }

  /** With everything given. */
  public FanoutAgainHandler(FanoutAgain fanout) {
    this.fanout = fanout;
  }

  @Override
  public Map<String, String> handleRequest(Map<String, String> input, Context context) {
    Instant since = Instant.parse(input.getOrDefault(SINCE, ""));
    InstanceId after = Optional.ofNullable(input.get(AFTER)).map(InstanceId::new).orElse(null);
    return fanout
        .since(since, after, () -> context.getRemainingTimeInMillis() > RESERVE.toMillis())
        .map(done -> Map.of(SINCE, since.toString(), AFTER, done.value()))
        .orElse(Map.of());
  }
}
