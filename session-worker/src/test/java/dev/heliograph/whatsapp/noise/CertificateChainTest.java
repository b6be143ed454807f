package dev.heliograph.whatsapp.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.heliograph.whatsapp.ProtocolException;
import dev.heliograph.whatsapp.crypto.KeyPair;
import dev.heliograph.whatsapp.proto.CertChain;
import dev.heliograph.whatsapp.proto.NoiseCertificateDetails;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class CertificateChainTest {
  private static final Instant NOW = Instant.parse("2026-09-01T00:00:00Z");
  private static final SplittableRandom RANDOM = new SplittableRandom(1);

  private final KeyPair server = KeyPair.generate(RANDOM);
  private final KeyPair other = KeyPair.generate(RANDOM);
  private final TestCertificates certificates =
      new TestCertificates(KeyPair.generate(RANDOM), KeyPair.generate(RANDOM), NOW);

  @Test
  void aGoodChainPasses() {
    verify(certificates.chain(server));
    verify(certificates.chain(server), NOW.plus(Duration.ofDays(1)));
    verify(certificates.chain(server), NOW.minus(Duration.ofDays(1)));
  }

  @Test
  void aChainOfAnotherRootIsRefused() {
    byte[] chain = certificates.chain(server);

    assertThatThrownBy(
            () -> CertificateChain.verify(chain, server.publicKey(), other.publicKey(), NOW))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("signed");
  }

  @Test
  void aChainForAnotherKeyThanTheServersIsRefused() {
    assertRefused(certificates.chain(other), "key that the server has");
  }

  @Test
  void anIntermediateThatTheRootDidNotIssueIsRefused() {
    assertRefused(intermediate(details -> details.setIssuerSerial(5)), "issued by the root");
  }

  @Test
  void aLeafThatTheIntermediateDidNotIssueIsRefused() {
    assertRefused(leaf(details -> details.setIssuerSerial(0)), "issued by the intermediate");
  }

  @Test
  void aLeafSignedByTheRootItselfIsRefused() {
    TestCertificates withoutIntermediate =
        new TestCertificates(certificates.root(), certificates.root(), NOW);
    CertChain leafOfRoot =
        CertChain.newBuilder(parsed(certificates.chain(server)))
            .setLeaf(parsed(withoutIntermediate.chain(server)).getLeaf())
            .build();

    assertRefused(leafOfRoot.toByteArray(), "signed");
  }

  @Test
  void certificatesThatAreNotValidNowAreRefused() {
    for (long day : new long[] {-2, 2}) {
      assertThatThrownBy(() -> verify(certificates.chain(server), NOW.plus(Duration.ofDays(day))))
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining("valid now");
    }
    assertRefused(leaf(NoiseCertificateDetails.Builder::clearNotAfter), "valid now");
    assertRefused(intermediate(NoiseCertificateDetails.Builder::clearNotAfter), "valid now");
    long tomorrow = NOW.plusSeconds(1).getEpochSecond();
    assertRefused(leaf(details -> details.setNotBefore(tomorrow)), "valid now");
    assertRefused(intermediate(details -> details.setNotBefore(tomorrow)), "valid now");
  }

  @Test
  void certificatesThatAreNotWholeAreRefused() {
    CertChain chain = parsed(certificates.chain(server));

    assertRefused(chain.toBuilder().clearLeaf().build().toByteArray(), "not whole");
    assertRefused(chain.toBuilder().clearIntermediate().build().toByteArray(), "not whole");
    CertChain.Builder unsigned = chain.toBuilder();
    unsigned.getLeafBuilder().clearSignature();
    assertRefused(unsigned.build().toByteArray(), "not whole");
    CertChain.Builder shortened = chain.toBuilder();
    shortened.getLeafBuilder().setSignature(chain.getLeaf().getSignature().substring(1));
    assertRefused(shortened.build().toByteArray(), "signed");
    assertRefused(intermediate(details -> details.setKey(ByteString.EMPTY)), "of a key");
  }

  @Test
  void aChainWithAnyBitChangedIsRefused() {
    byte[] chain = certificates.chain(server);

    for (int bit = 0; bit < 8 * chain.length; bit++) {
      byte[] changed = chain.clone();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThatThrownBy(() -> verify(changed)).isInstanceOf(ProtocolException.class);
    }
  }

  @Test
  void whatsAppsOwnRootIsTheOneThatItsClientsHold() {
    assertThat(CertificateChain.WHATSAPP_ROOT.size()).isEqualTo(32);
    assertThat(CertificateChain.WHATSAPP_ROOT.byteAt(0)).isEqualTo((byte) 0x14);
  }

  private byte[] intermediate(UnaryOperator<NoiseCertificateDetails.Builder> change) {
    return certificates.chain(server, change, UnaryOperator.identity()).toByteArray();
  }

  private byte[] leaf(UnaryOperator<NoiseCertificateDetails.Builder> change) {
    return certificates.chain(server, UnaryOperator.identity(), change).toByteArray();
  }

  private void assertRefused(byte[] chain, String why) {
    assertThatThrownBy(() -> verify(chain))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining(why);
  }

  private void verify(byte[] chain) {
    verify(chain, NOW);
  }

  private void verify(byte[] chain, Instant now) {
    CertificateChain.verify(chain, server.publicKey(), certificates.root().publicKey(), now);
  }

  private static CertChain parsed(byte[] chain) {
    try {
      return CertChain.parseFrom(chain);
    } catch (InvalidProtocolBufferException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
