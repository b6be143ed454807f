package dev.heliograph.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.config.ConfigurationException;
import dev.heliograph.whatsapp.noise.CertificateChain;
import dev.heliograph.whatsapp.socket.WhatsAppDialer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WorkerSettingsTest {
  @Test
  void withNothingButAKeyFileItTalksToWhatsApp() {
    WorkerSettings settings = WorkerSettings.from(Map.of("HELIOGRAPH_KEY_FILE", "key"));

    assertThat(settings.whatsappUrl()).isEqualTo(WhatsAppDialer.WHATSAPP);
    assertThat(settings.noiseRootKey()).isEqualTo(CertificateChain.WHATSAPP_ROOT);
    assertThat(settings.tick()).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.leases()).isEqualTo(LeaseSettings.DEFAULT);
  }

  @Test
  void itsWrappingKeyIsInAFileOrInKms() {
    assertThat(WorkerSettings.from(Map.of("HELIOGRAPH_KMS_KEY", "arn")).wrappingKey())
        .isEqualTo(new WrappingKey.InKms("arn"));
    assertThatThrownBy(
            () ->
                WorkerSettings.from(
                    Map.of("HELIOGRAPH_KMS_KEY", "arn", "HELIOGRAPH_KEY_FILE", "key")))
        .hasMessageContainingAll("HELIOGRAPH_KMS_KEY", "not both");
  }

  @Test
  void itSaysHowItIsToThisMachineAloneUnlessToldOtherwise() {
    assertThat(health(Map.of())).isEqualTo(at("127.0.0.1", 9090));
    assertThat(health(Map.of("HELIOGRAPH_HEALTH_HOST", "0.0.0.0", "HELIOGRAPH_HEALTH_PORT", "81")))
        .isEqualTo(at("0.0.0.0", 81));
    assertThat(health(Map.of("HELIOGRAPH_HEALTH_PORT", "off"))).isNull();
  }

  @Test
  void itStreamsNoEventsUnlessToldWhere() {
    assertThat(settings(Map.of()).streams()).isNull();
    assertThat(settings(Map.of("HELIOGRAPH_STREAM_PORT", "off")).streams()).isNull();
    assertThat(settings(Map.of("HELIOGRAPH_STREAM_PORT", "82")).streams())
        .isEqualTo(at("127.0.0.1", 82));
    assertThat(settings(Map.of()).mostStreams()).isEqualTo(1000);
  }

  private static InetSocketAddress at(String address, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(address), port);
  }

  private static @Nullable InetSocketAddress health(Map<String, String> variables) {
    return settings(variables).health();
  }

  private static WorkerSettings settings(Map<String, String> variables) {
    Map<String, String> all = new HashMap<>(variables);
    all.put("HELIOGRAPH_KEY_FILE", "key");
    return WorkerSettings.from(all);
  }

  @Test
  void allThatIsWrongIsReportedTogether() {
    Map<String, String> wrong = new HashMap<>(Map.of("HELIOGRAPH_STREAM_PORT", "http"));
    wrong.putAll(
        Map.of(
            "HELIOGRAPH_WHATSAPP_URL", "http://example.org",
            "HELIOGRAPH_WHATSAPP_NOISE_ROOT_KEY", "abc",
            "HELIOGRAPH_WHATSAPP_VERSION", "new",
            "HELIOGRAPH_LEASE", "2s",
            "HELIOGRAPH_BEAT", "1s",
            "HELIOGRAPH_LOG_FORMAT", "yaml",
            "HELIOGRAPH_LOG_LEVEL", "LOUD",
            "HELIOGRAPH_HEALTH_PORT", "65536",
            "HELIOGRAPH_HEALTH_HOST", "localhost",
            "HEARTBEAT_INTERVAL_MS", "often"));

    assertThatThrownBy(() -> WorkerSettings.from(wrong))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll(
            "HELIOGRAPH_WHATSAPP_URL",
            "HELIOGRAPH_WHATSAPP_NOISE_ROOT_KEY",
            "HELIOGRAPH_WHATSAPP_VERSION",
            "HELIOGRAPH_LEASE",
            "HEARTBEAT_INTERVAL_MS",
            "HELIOGRAPH_HEALTH_PORT",
            "HELIOGRAPH_HEALTH_HOST",
            "HELIOGRAPH_STREAM_PORT",
            "HELIOGRAPH_LOG_FORMAT",
            "HELIOGRAPH_LOG_LEVEL",
            "HELIOGRAPH_KEY_FILE");
  }
}
