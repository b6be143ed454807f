package dev.heliograph.whatsapp.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.heliograph.whatsapp.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Holds the primitives against published vectors. */
class VectorsTest {
  private static final HexFormat HEX = HexFormat.of();

  /** The private key is clamped, as all of ours are. */
  @Test
  void x25519AgreesAsInRfc7748() {
    KeyPair bob =
        KeyPair.ofPrivate(
            bytes("58ab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e06b"));
    ByteString alice = bytes("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");

    assertThat(bob.publicKey())
        .isEqualTo(bytes("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"));
    assertThat(HEX.formatHex(bob.agree(alice)))
        .isEqualTo("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
  }

  @Test
  void hkdfExpandsAsInRfc5869() {
    assertThat(
            HEX.formatHex(
                Hashes.hkdfSha256(range(0, 0x50), range(0x60, 0xb0), range(0xb0, 0x100), 82)))
        .isEqualTo(
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
                + "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
                + "cc30c58179ec3e87c14c01d5c1f3434f1d87");
    assertThat(HEX.formatHex(Hashes.hkdfSha256(repeated(0x0b, 22), new byte[0], new byte[0], 42)))
        .isEqualTo(
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
  }

  @Test
  void hmacIsAsInRfc4231() {
    assertThat(HEX.formatHex(Hashes.hmacSha256(repeated(0x0b, 20), ascii("Hi"), ascii(" There"))))
        .isEqualTo("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  }

  /** The vector that libsignal's own tests hold. */
  @Test
  void xeddsaVerifiesWhatSignalSigned() {
    ByteString key = bytes("ab7e717d4a163b7d9a1d8071dfe9dcf8cdcd1cea3339b6356be84d887e322c64");
    ByteString message =
        bytes("05edce9d9c415ca78cb7252e72c2c4a554d3eb29485a0e1d503118d1a82d99fb4a");
    ByteString signature =
        bytes(
            "5de88ca9a89b4a115da79109c67c9c7464a3e4180274f1cb8c63c2984e286dfb"
                + "ede82deb9dcd9fae0bfbb821569b3d9001bd8130cd11d486cef047bd60b86e88");

    assertThat(PublicKeys.verify(key, message, signature)).isTrue();
    for (int bit = 0; bit < 8 * signature.size(); bit += 7) {
      assertThat(PublicKeys.verify(key, message, flipped(signature, bit))).isFalse();
      assertThat(PublicKeys.verify(key, flipped(message, bit % (8 * 33)), signature)).isFalse();
      assertThat(PublicKeys.verify(flipped(key, bit % 255), message, signature)).isFalse();
    }
  }

  @Test
  void whatIsSignedVerifies() {
    KeyPair keyPair = KeyPair.generate(new SplittableRandom(1));
    ByteString message = ByteString.copyFromUtf8("message");

    assertThat(PublicKeys.verify(keyPair.publicKey(), message, keyPair.sign(message))).isTrue();
  }

  @Test
  void aPointOfSmallOrderIsRefused() {
    KeyPair keyPair = KeyPair.generate(new SplittableRandom(1));

    assertThatThrownBy(() -> keyPair.agree(ByteString.copyFrom(new byte[32])))
        .isInstanceOf(ProtocolException.class);
  }

  @Test
  void aKeyComesWithItsTypeOrWithout() {
    ByteString key = KeyPair.generate(new SplittableRandom(1)).publicKey();

    assertThat(PublicKeys.withoutType(PublicKeys.withType(key))).isEqualTo(key);
    assertThat(PublicKeys.withoutType(key)).isEqualTo(key);
    assertThatThrownBy(() -> PublicKeys.withoutType(bytes("06").concat(key)))
        .isInstanceOf(ProtocolException.class);
    assertThatThrownBy(() -> PublicKeys.withoutType(key.substring(1)))
        .isInstanceOf(ProtocolException.class);
  }

  @Test
  void aKeyPairDoesNotPrintItself() {
    assertThat(KeyPair.generate(new SplittableRandom(1)).toString()).isEqualTo("KeyPair[redacted]");
  }

  private static ByteString flipped(ByteString bytes, int bit) {
    byte[] changed = bytes.toByteArray();
    changed[bit / 8] ^= (byte) (1 << (bit % 8));
    return ByteString.copyFrom(changed);
  }

  private static ByteString bytes(String hex) {
    return ByteString.copyFrom(HEX.parseHex(hex));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] range(int from, int to) {
    byte[] range = new byte[to - from];
    for (int i = 0; i < range.length; i++) range[i] = (byte) (from + i);
    return range;
  }

  private static byte[] repeated(int value, int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
