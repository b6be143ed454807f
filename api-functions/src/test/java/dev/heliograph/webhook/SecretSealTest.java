package dev.heliograph.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heliograph.config.Secret;
import dev.heliograph.id.IdGenerator;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;

class SecretSealTest {
  private static final EndpointId ENDPOINT = EndpointId.draw(IdGenerator.random());
  private static final SigningSecret SECRET = SigningSecret.draw();

  private final SecretSeal seal = new SecretSeal(() -> new Secret("a key that is long enough"));

  @Test
  void whatWasSealedIsOpened() {
    assertThat(seal.open(ENDPOINT, seal.seal(ENDPOINT, SECRET))).isEqualTo(SECRET);
  }

  @Test
  void theSameSecretIsNeverSealedAlike() {
    assertThat(seal.seal(ENDPOINT, SECRET)).isNotEqualTo(seal.seal(ENDPOINT, SECRET));
  }

  @Test
  void anotherKeyOpensNothing() {
    SecretSeal other = new SecretSeal(() -> new Secret("another key that is long enough"));

    assertThatThrownBy(() -> other.open(ENDPOINT, seal.seal(ENDPOINT, SECRET)))
        .isInstanceOf(UnreadableSecretException.class);
  }

  @Test
  void aSecretThatWasMovedToAnotherEndpointIsNotOpened() {
    EndpointId other = EndpointId.draw(IdGenerator.random());

    assertThatThrownBy(() -> seal.open(other, seal.seal(ENDPOINT, SECRET)))
        .isInstanceOf(UnreadableSecretException.class);
  }

  @Test
  void noByteOfItMayChangeOrBeMissing() {
    byte[] sealed = seal.seal(ENDPOINT, SECRET).bytes().asByteArray();

    for (int i = 0; i < sealed.length; i++) {
      byte[] changed = sealed.clone();
      changed[i] ^= 1;
      assertRefused(changed);
      assertRefused(Arrays.copyOf(sealed, i));
    }
  }

  private void assertRefused(byte[] sealed) {
    assertThatThrownBy(() -> seal.open(ENDPOINT, new SealedSecret(SdkBytes.fromByteArray(sealed))))
        .isInstanceOf(UnreadableSecretException.class);
  }
}
