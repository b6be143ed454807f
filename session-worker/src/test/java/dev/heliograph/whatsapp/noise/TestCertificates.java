package dev.heliograph.whatsapp.noise;

import com.google.protobuf.ByteString;
import dev.heliograph.whatsapp.crypto.KeyPair;
import dev.heliograph.whatsapp.proto.CertChain;
import dev.heliograph.whatsapp.proto.NoiseCertificate;
import dev.heliograph.whatsapp.proto.NoiseCertificateDetails;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;

/**
 * A root, and the chain that it issues to a server; each part may be changed before it is signed.
 */
record TestCertificates(KeyPair root, KeyPair intermediate, Instant now) {
  byte[] chain(KeyPair server) {
    return chain(server, UnaryOperator.identity(), UnaryOperator.identity()).toByteArray();
  }

  CertChain chain(
      KeyPair server,
      UnaryOperator<NoiseCertificateDetails.Builder> ofIntermediate,
      UnaryOperator<NoiseCertificateDetails.Builder> ofLeaf) {
    return CertChain.newBuilder()
        .setIntermediate(
            signed(ofIntermediate.apply(details(1, 0, intermediate.publicKey())), root))
        .setLeaf(signed(ofLeaf.apply(details(2, 1, server.publicKey())), intermediate))
        .build();
  }

  private NoiseCertificateDetails.Builder details(int serial, int issuer, ByteString key) {
    return NoiseCertificateDetails.newBuilder()
        .setSerial(serial)
        .setIssuerSerial(issuer)
        .setKey(key)
        .setNotBefore(now.minus(Duration.ofDays(1)).getEpochSecond())
        .setNotAfter(now.plus(Duration.ofDays(1)).getEpochSecond());
  }

  private static NoiseCertificate signed(NoiseCertificateDetails.Builder details, KeyPair issuer) {
    ByteString bytes = details.build().toByteString();
    return NoiseCertificate.newBuilder().setDetails(bytes).setSignature(issuer.sign(bytes)).build();
  }
}
