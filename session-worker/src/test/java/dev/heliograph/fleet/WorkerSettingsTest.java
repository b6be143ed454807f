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

  private static InetSocketAddress at(String address, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(address), port);
  }

  private static @Nullable InetSocketAddress health(Map<String, String> variables) {
    Map<String, String> all = new HashMap<>(variables);
    all.put("HELIOGRAPH_KEY_FILE", "key");
    return WorkerSettings.from(all).health();
  }

  @Test
  void allThatIsWrongIsReportedTogether() {
    Map<String, String> wrong =
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
            "HEARTBEAT_INTERVAL_MS", "often");

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
            "HELIOGRAPH_LOG_FORMAT",
            "HELIOGRAPH_LOG_LEVEL",
            "HELIOGRAPH_KEY_FILE");
  }
}
