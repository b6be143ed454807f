package dev.heliograph.authstate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DataKeyTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] VALUE = {1, 2, 3, 4, 5};

  private final DataKey key = key();

  @Test
  void whatWasSealedForAPlaceOpensThere() {
    assertThat(key.open("here", key.seal("here", VALUE))).isEqualTo(VALUE);
  }

  @Test
  void nothingSealedOpensInAnotherPlace() {
    byte[] sealed = key.seal("here", VALUE);

    assertThatThrownBy(() -> key.open("there", sealed)).isInstanceOf(UnsealException.class);
  }

  @Test
  void anotherKeyOpensNothing() {
    byte[] sealed = key.seal("here", VALUE);

    assertThatThrownBy(() -> key().open("here", sealed)).isInstanceOf(UnsealException.class);
  }

  @Test
  void aFlippedBitAnywhereIsNoticed() {
    byte[] sealed = key.seal("here", VALUE);
    for (int i = 0; i < sealed.length; i++) {
      byte[] flipped = sealed.clone();
      flipped[i] ^= 0x10;

      assertThatThrownBy(() -> key.open("here", flipped)).isInstanceOf(UnsealException.class);
    }
  }

  @Test
  void anythingCutShortIsNoticed() {
    byte[] sealed = key.seal("here", VALUE);
    for (int length = 0; length < sealed.length; length++) {
      byte[] cut = Arrays.copyOf(sealed, length);

      assertThatThrownBy(() -> key.open("here", cut)).isInstanceOf(UnsealException.class);
    }
  }

  @Test
  void theSameValueIsNeverSealedToTheSameBytes() {
    assertThat(key.seal("here", VALUE)).isNotEqualTo(key.seal("here", VALUE));
  }

  @Test
  void aKeyDoesNotPrintItself() {
    assertThat(key).hasToString("DataKey[redacted]");
  }

  private static DataKey key() {
    byte[] bytes = new byte[DataKey.BYTES];
    RANDOM.nextBytes(bytes);
    return new DataKey(bytes, RANDOM);
  }
}
