package dev.heliograph.fleet;

import com.google.protobuf.ByteString;
import dev.heliograph.config.Aws;
import dev.heliograph.config.Environment;
import dev.heliograph.whatsapp.auth.ClientVersion;
import dev.heliograph.whatsapp.noise.CertificateChain;
import dev.heliograph.whatsapp.socket.WhatsAppDialer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a worker is told by its environment.
 *
 * @param prefix what the names of tables and queues begin with
 * @param tick between two looks at all instances of a shard
 * @param grace how long a take-over may take before the customer is told
 * @param resendFor how long a message can be asked for again
 * @param mostSessions so many at a time
 * @param loginsAtOnce so many sessions that begin, or connect anew, at a time
 * @param generation raised by the operator after tables were restored from a backup
 * @param whatsappUrl WhatsApp's endpoint, or a sandbox's
 * @param noiseRootKey the public key that must have signed the certificate of that endpoint
 * @param clientVersion the version of WhatsApp Web that we say we are
 * @param deviceName what the phone shows under "Linked devices"
 * @param wrappingKey what wraps the data keys of pairings
 * @param health where it says how it is; null for nowhere
 * @param streams where event streams are asked for; null for nowhere
 * @param mostStreams so many of them at a time
 * @param namespace of its metrics in CloudWatch; null where nobody reads them off the log
 */
public record WorkerSettings(
    String prefix,
    Aws aws,
    Duration tick,
    LeaseSettings leases,
    Duration grace,
    Duration resendFor,
    int mostSessions,
    int loginsAtOnce,
    int generation,
    URI whatsappUrl,
    ByteString noiseRootKey,
    ClientVersion clientVersion,
    String deviceName,
    WrappingKey wrappingKey,
    @Nullable InetSocketAddress health,
    @Nullable InetSocketAddress streams,
    int mostStreams,
    @Nullable String namespace) {

  private static final String KEY_FILE = "HELIOGRAPH_KEY_FILE";
  private static final String KMS_KEY = "HELIOGRAPH_KMS_KEY";
  private static final String OFF = "off";
  private static final List<String> LOG_LEVELS = List.of("DEBUG", "INFO", "WARN", "ERROR");
  private static final int ROOT_KEY_BYTES = 32;
  private static final int MOST_RESEND_DAYS = 30;

  /**
   * Reads the variables.
   *
   * @throws dev.heliograph.config.ConfigurationException naming all that is wrong with them
   */
  public static WorkerSettings from(Map<String, String> variables) {
    Environment environment = new Environment(variables);
    WorkerSettings settings =
        new WorkerSettings(
            environment.string("HELIOGRAPH_PREFIX", "heliograph-"),
            Aws.from(environment),
            environment.millis("HEARTBEAT_INTERVAL_MS", Duration.ofSeconds(30)),
            leases(environment),
            environment.duration("HELIOGRAPH_DISCONNECT_GRACE", Duration.ofSeconds(20)),
            Duration.ofDays(environment.integer("HELIOGRAPH_RESEND_DAYS", 7, 1, MOST_RESEND_DAYS)),
            environment.integer("HELIOGRAPH_MAX_SESSIONS", 10_000, 1, 1_000_000),
            environment.integer("HELIOGRAPH_MAX_LOGINS", 50, 1, 10_000),
            environment.integer("HELIOGRAPH_GENERATION", 0, 0, 1_000_000),
            environment.parsed(
                "HELIOGRAPH_WHATSAPP_URL",
                WhatsAppDialer.WHATSAPP,
                WorkerSettings::webSocketUrl,
                "must be a ws:// or wss:// URL"),
            environment.parsed(
                "HELIOGRAPH_WHATSAPP_NOISE_ROOT_KEY",
                CertificateChain.WHATSAPP_ROOT,
                WorkerSettings::rootKey,
                "must be 64 hex digits"),
            environment.parsed(
                "HELIOGRAPH_WHATSAPP_VERSION",
                ClientVersion.KNOWN,
                ClientVersion::parse,
                "must look like 2.3000.1045649367"),
            environment.string("HELIOGRAPH_DEVICE_NAME", "Heliograph"),
            wrappingKey(environment),
            address(environment, "HELIOGRAPH_HEALTH_HOST", "HELIOGRAPH_HEALTH_PORT", "9090"),
            address(environment, "HELIOGRAPH_STREAM_HOST", "HELIOGRAPH_STREAM_PORT", OFF),
            environment.integer("HELIOGRAPH_MAX_STREAMS", 1000, 1, 1_000_000),
            environment.optional("HELIOGRAPH_METRICS_NAMESPACE").orElse(null));
    checkLog(environment);
    environment.check();
    return settings;
  }

  /** The namespace, if there is one. */
  Optional<String> metricsNamespace() {
    return Optional.ofNullable(namespace);
  }

  /**
   * Read by the logging itself, which would say nothing at all, or all there is, without a word.
   */
  private static void checkLog(Environment environment) {
    String level = environment.string("HELIOGRAPH_LOG_LEVEL", "INFO").strip();
    if (!LOG_LEVELS.contains(level)) {
      environment.problem(
          "HELIOGRAPH_LOG_LEVEL", "must be one of " + String.join(", ", LOG_LEVELS));
    }
    String format = environment.string("HELIOGRAPH_LOG_FORMAT", "json").strip();
    if (!format.equals("json") && !format.equals("text")) {
      environment.problem("HELIOGRAPH_LOG_FORMAT", "must be json or text");
    }
  }

  private static WrappingKey wrappingKey(Environment environment) {
    Optional<String> file = environment.optional(KEY_FILE);
    Optional<String> kms = environment.optional(KMS_KEY);
    if (file.isPresent() == kms.isPresent()) {
      environment.problem(KEY_FILE, "or " + KMS_KEY + " must be set, and not both");
    }
    return kms.<WrappingKey>map(WrappingKey.InKms::new)
        .orElseGet(() -> new WrappingKey.InFile(Path.of(file.orElse(""))));
  }

  private static LeaseSettings leases(Environment environment) {
    Duration beat = environment.duration("HELIOGRAPH_BEAT", LeaseSettings.DEFAULT.beat());
    Duration lease = environment.duration("HELIOGRAPH_LEASE", LeaseSettings.DEFAULT.lease());
    if (!LeaseSettings.isSound(beat, lease)) {
      environment.problem("HELIOGRAPH_LEASE", "must be at least three times HELIOGRAPH_BEAT");
      return LeaseSettings.DEFAULT;
    }
    return new LeaseSettings(beat, lease);
  }

  private static @Nullable InetSocketAddress address(
      Environment environment, String hostName, String portName, String defaultPort) {
    InetAddress host =
        environment.parsed(
            hostName,
            InetAddress.ofLiteral("127.0.0.1"),
            InetAddress::ofLiteral,
            "must be an IP address, such as 127.0.0.1 or 0.0.0.0");
    String text = environment.string(portName, defaultPort).strip();
    if (text.equals(OFF)) {
      return null;
    }
    try {
      return new InetSocketAddress(host, port(text));
    } catch (IllegalArgumentException none) {
      environment.problem(portName, "must be a port from 0 to 65535, or off");
      return null;
    }
  }

  private static int port(String text) {
    int port = Integer.parseInt(text);
    if (port < 0 || port > 0xffff) {
      throw new IllegalArgumentException();
    }
    return port;
  }

  private static URI webSocketUrl(String text) {
    URI url = URI.create(text);
    boolean isWebSocket = "ws".equals(url.getScheme()) || "wss".equals(url.getScheme());
    if (!isWebSocket || url.getHost() == null) {
      throw new IllegalArgumentException();
    }
    return url;
  }

  private static ByteString rootKey(String hex) {
    byte[] key = HexFormat.of().parseHex(hex);
    if (key.length != ROOT_KEY_BYTES) {
      throw new IllegalArgumentException();
    }
    return ByteString.copyFrom(key);
  }
}
