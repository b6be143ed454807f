package dev.heliograph.local;

import dev.heliograph.config.Secret;
import dev.heliograph.local.aws.Endpoints;
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
      Endpoints endpoints,
      DataFolder folder,
      @Nullable Sandbox sandbox) {
    this.inherited = inherited;
    own = new HashMap<>(endpoints.environment());
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
    variables.putAll(over(inherited));
    return variables;
  }

  /** For a worker. */
  Map<String, String> worker() {
    return over(inherited);
  }

  /** What another process on this machine needs to know to take part; no secrets. */
  Map<String, String> published() {
    return Map.copyOf(own);
  }

  /** The variables that say where another process's deployment is, over this process's own. */
  static Map<String, String> joining(Map<String, String> published, Map<String, String> inherited) {
    return over(published, inherited);
  }

  private Map<String, String> over(Map<String, String> others) {
    return over(own, others);
  }

  private static Map<String, String> over(Map<String, String> own, Map<String, String> others) {
    Map<String, String> variables = new HashMap<>(others);
    // Somebody's real session does not go with our key.
    variables.remove("AWS_SESSION_TOKEN");
    variables.putAll(own);
    return variables;
  }
}
