package dev.heliograph.local;

import dev.heliograph.config.Secret;
import dev.heliograph.local.aws.ServiceAddresses;
import dev.heliograph.sandbox.Sandbox;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the functions and a worker of a local deployment are told: what the user's own environment
 * says, and over it where the local services are.
 */
final class LocalEnvironment {
  private final Map<String, String> inherited;
  private final Map<String, String> own;

  LocalEnvironment(
      Map<String, String> inherited,
      ServiceAddresses addresses,
      DataFolder folder,
      @Nullable Sandbox sandbox) {
    this.inherited = inherited;
    own = new HashMap<>(addresses.environment());
    own.put("HELIOGRAPH_PREFIX", LocalDeployment.PREFIX);
    own.put("HELIOGRAPH_KEY_FILE", folder.wrappingKey().toString());
    if (sandbox != null) {
      own.put("HELIOGRAPH_WHATSAPP_URL", sandbox.webSocketUri().toString());
      own.put("HELIOGRAPH_WHATSAPP_NOISE_ROOT_KEY", sandbox.rootKey());
    }
  }

  /** For the functions. Webhooks may go to this machine, without TLS. */
  Map<String, String> functions(Secret secretKey) {
    Map<String, String> variables = new HashMap<>();
    variables.put("HELIOGRAPH_SECRET_KEY", secretKey.value());
    variables.put("HELIOGRAPH_WEBHOOK_ALLOWED_CIDRS", "127.0.0.0/8,::1/128");
    variables.putAll(worker());
    return variables;
  }

  /** For a worker. */
  Map<String, String> worker() {
    return joining(own, inherited);
  }

  /** What another process on this machine needs to know to take part; no secrets. */
  Map<String, String> published() {
    return Map.copyOf(own);
  }

  /** The variables of a deployment over those of a process that takes part in it. */
  static Map<String, String> joining(Map<String, String> deployment, Map<String, String> process) {
    Map<String, String> variables = new HashMap<>(process);
    // Somebody's real session does not go with the deployment's key.
    variables.remove("AWS_SESSION_TOKEN");
    // Several workers share this machine: who wants to find one at a known port says so.
    variables.putIfAbsent("HELIOGRAPH_HEALTH_PORT", "0");
    variables.putAll(deployment);
    return variables;
  }
}
