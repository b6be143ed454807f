package dev.heliograph.function;

import dev.heliograph.cloudwatch.MetricsLog;
import dev.heliograph.config.Aws;
import dev.heliograph.config.Environment;
import dev.heliograph.config.Secret;
import dev.heliograph.webhook.Cidr;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the functions are told by their environment.
 *
 * @param prefix what the names of tables and queues begin with
 * @param tick how often a worker says what it sees
 * @param sendDeadline how long an accepted message may wait to be sent
 * @param secretKey what the signing secrets of webhooks are sealed with
 * @param namespace of the metrics in CloudWatch; null where nobody reads them off the log
 * @param allowedCidrs addresses that webhooks may go to although they are not public, and by plain
 *     HTTP too
 */
public record FunctionSettings(
    String prefix,
    Aws aws,
    Duration tick,
    Duration sendDeadline,
    SecretSource secretKey,
    List<Cidr> allowedCidrs,
    @Nullable String namespace) {

  private static final String SECRET_KEY = "HELIOGRAPH_SECRET_KEY";
  private static final String SECRET_KEY_ARN = "HELIOGRAPH_SECRET_KEY_ARN";
  private static final int SECRET_KEY_LENGTH = 32;

  public FunctionSettings {
    allowedCidrs = List.copyOf(allowedCidrs);
  }

  /**
   * Reads the variables.
   *
   * @throws dev.heliograph.config.ConfigurationException naming all that is wrong with them
   */
  public static FunctionSettings from(Map<String, String> variables) {
    Environment environment = new Environment(variables);
    FunctionSettings settings =
        new FunctionSettings(
            environment.string("HELIOGRAPH_PREFIX", "heliograph-"),
            Aws.from(environment),
            environment.millis("HEARTBEAT_INTERVAL_MS", Duration.ofSeconds(30)),
            environment.duration("HELIOGRAPH_SEND_DEADLINE", Duration.ofMinutes(10)),
            secretKey(environment),
            environment.list(
                "HELIOGRAPH_WEBHOOK_ALLOWED_CIDRS",
                Cidr::parse,
                "must be a list of CIDR blocks such as 10.0.0.0/8,fd00::/8"),
            environment.optional("HELIOGRAPH_METRICS_NAMESPACE").orElse(null));
    environment.check();
    return settings;
  }

  /** Where figures go; empty if nobody reads them there. */
  Optional<MetricsLog> metricsLog() {
    return Optional.ofNullable(namespace)
        .map(name -> new MetricsLog(name, prefix, System.out::println));
  }

  private static SecretSource secretKey(Environment environment) {
    Optional<String> key = environment.optional(SECRET_KEY);
    Optional<String> arn = environment.optional(SECRET_KEY_ARN);
    if (key.isPresent() == arn.isPresent()) {
      environment.problem(SECRET_KEY, "or " + SECRET_KEY_ARN + " must be set, and not both");
    }
    if (key.isPresent() && key.get().length() < SECRET_KEY_LENGTH) {
      environment.problem(
          SECRET_KEY, "must be at least %d random characters".formatted(SECRET_KEY_LENGTH));
    }
    return arn.<SecretSource>map(SecretSource.InSecretsManager::new)
        .orElseGet(() -> new SecretSource.Given(new Secret(key.orElse(""))));
  }
}
