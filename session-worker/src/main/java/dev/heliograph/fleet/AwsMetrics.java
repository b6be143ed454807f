package dev.heliograph.fleet;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.metrics.CoreMetric;
import software.amazon.awssdk.metrics.MetricCollection;
import software.amazon.awssdk.metrics.MetricPublisher;
import software.amazon.awssdk.metrics.SdkMetric;

/** What calls to AWS take, and which attempts AWS refused for their load or did not answer. */
final class AwsMetrics implements MetricPublisher {
  private static final String KMS = "KMS";

  /** The SDK's words and ours. Its "Other" is not here: a condition that is not met is no error. */
  private static final Map<String, String> KINDS =
      Map.of(
          "Throttling", "throttled",
          "ServerError", "server_error",
          "ConfiguredTimeout", "timeout",
          "IO", "io");

  /**
   * What KMS refuses is never meant to be: a key that is disabled, or a role that may not use it.
   */
  private static final String REFUSED = "refused";

  private final MeterProvider<Timer> calls;
  private final MeterProvider<Counter> errors;

  AwsMetrics(MeterRegistry registry) {
    calls =
        Timer.builder("heliograph.aws.calls")
            .description("Calls to AWS with their retries")
            .withRegistry(registry);
    errors =
        Counter.builder("heliograph.aws.errors")
            .description("Attempts that AWS throttled, or that got no answer")
            .withRegistry(registry);
    calls.withTags("service", "DynamoDB", "operation", "PutItem"); // that of entries
    errors.withTags("service", KMS, "kind", REFUSED);
    for (String service : List.of("DynamoDB", "SQS", KMS)) {
      for (String kind : KINDS.values()) {
        errors.withTags("service", service, "kind", kind);
      }
    }
  }

  @Override
  public void publish(MetricCollection call) {
    String service = first(call, CoreMetric.SERVICE_ID, "unknown");
    String operation = first(call, CoreMetric.OPERATION_NAME, "unknown");
    call.metricValues(CoreMetric.API_CALL_DURATION)
        .forEach(calls.withTags("service", service, "operation", operation)::record);
    for (MetricCollection attempt : call.children()) {
      String kind = kind(service, first(attempt, CoreMetric.ERROR_TYPE, ""));
      if (kind != null) {
        errors.withTags("service", service, "kind", kind).increment();
      }
    }
  }

  private static @Nullable String kind(String service, String errorType) {
    return service.equals(KMS) && errorType.equals("Other") ? REFUSED : KINDS.get(errorType);
  }

  private static String first(MetricCollection metrics, SdkMetric<String> metric, String fallback) {
    return metrics.metricValues(metric).stream().findFirst().orElse(fallback);
  }

  @Override
  public void close() {}
}
