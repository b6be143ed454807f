package dev.heliograph.authstate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.config.LocalMoto;
import dev.heliograph.table.UnansweredException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.NotFoundException;

class KmsKeyWrapperTest {
  private static final String PLACE = "inst_01J0000000000000000000000A#01J0000000000000000000000B";
  private static final byte[] DATA_KEY = new byte[DataKey.BYTES];

  @RegisterExtension static final LocalMoto moto = new LocalMoto();

  private static KmsClient kms;

  @BeforeAll
  static void start() {
    kms =
        moto.aws().kms(KmsClient.builder()).httpClientBuilder(Apache5HttpClient.builder()).build();
    new SecureRandom().nextBytes(DATA_KEY);
  }

  @AfterAll
  static void stop() {
    if (kms != null) {
      kms.close();
    }
  }

  private static String createKey() {
    return kms.createKey().keyMetadata().arn();
  }

  private KmsKeyWrapper wrapper(String key) {
    return new KmsKeyWrapper(kms, key);
  }

  @Test
  void whatOneWorkerWrapsAnotherUnwraps() {
    String key = createKey();

    byte[] wrapped = wrapper(key).wrap(PLACE, DATA_KEY);

    assertThat(HexFormat.of().formatHex(wrapped))
        .doesNotContain(HexFormat.of().formatHex(DATA_KEY));
    assertThat(wrapper(key).unwrap(PLACE, wrapped)).isEqualTo(DATA_KEY);
  }

  @Test
  void aKeyIsUnwrappedForItsOwnPairingAlone() {
    KmsKeyWrapper wrapper = wrapper(createKey());
    byte[] wrapped = wrapper.wrap(PLACE, DATA_KEY);

    assertThatThrownBy(() -> wrapper.unwrap(PLACE + "C", wrapped))
        .isInstanceOf(UnsealException.class);
  }

  @Test
  void aKeyThatIsNotThereIsSaidNotToBe() {
    KmsKeyWrapper wrapper = wrapper(createKey().replaceAll(".{12}$", "000000000000"));

    assertThatThrownBy(() -> wrapper.wrap(PLACE, DATA_KEY)).isInstanceOf(NotFoundException.class);
  }

  @Test
  void silenceIsNoAnswer() {
    try (KmsClient nobody =
        KmsClient.builder()
            .endpointOverride(URI.create("http://127.0.0.1:1"))
            .region(Region.US_EAST_1)
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .httpClientBuilder(Apache5HttpClient.builder())
            .overrideConfiguration(override -> override.apiCallTimeout(Duration.ofSeconds(2)))
            .build()) {
      assertThatThrownBy(() -> new KmsKeyWrapper(nobody, "key").wrap(PLACE, DATA_KEY))
          .isInstanceOf(UnansweredException.class);
    }
  }
}
