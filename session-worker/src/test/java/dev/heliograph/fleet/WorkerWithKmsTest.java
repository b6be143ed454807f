package dev.heliograph.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heliograph.config.LocalMoto;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.kms.KmsClient;

class WorkerWithKmsTest extends WithWorker {
  @RegisterExtension static final LocalMoto moto = new LocalMoto();

  private final KmsClient kms =
      moto.aws().kms(KmsClient.builder()).httpClientBuilder(Apache5HttpClient.builder()).build();
  private final String key = kms.createKey().keyMetadata().arn();

  @Override
  Map<String, String> wrappingKey() {
    return Map.of("HELIOGRAPH_KMS_KEY", key);
  }

  @Override
  KmsClient kms() {
    return kms;
  }

  @Test
  void aNumberThatOneWorkerHasPairedLogsInFromTheNext() throws Exception {
    String phone = newPhone();
    pair(phone);

    worker().close();
    try (Worker next = startWorker()) {
      await()
          .atMost(SOON)
          .untilAsserted(
              () -> assertThat(metric(next, "heliograph_session_connected")).isEqualTo(1));
    }
  }
}
