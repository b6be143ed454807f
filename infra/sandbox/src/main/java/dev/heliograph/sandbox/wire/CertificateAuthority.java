package dev.heliograph.sandbox.wire;

import com.google.protobuf.ByteString;
import dev.heliograph.sandbox.crypto.KeyPair;
import dev.heliograph.sandbox.proto.CertChain;
import dev.heliograph.sandbox.proto.CertChain.NoiseCertificate;
import java.time.Duration;
import java.time.Instant;

/**
 * Vouches for a server's Noise key as WhatsApp's does: root (serial 0), intermediate (1), leaf (2).
 */
public record CertificateAuthority(KeyPair root) {
  private static final Duration BACKDATED = Duration.ofDays(1);
  private static final Duration VALID = Duration.ofDays(3650);

  public byte[] certify(byte[] serverKey, Instant now) {
    KeyPair intermediate = KeyPair.generate();
    return CertChain.newBuilder()
        .setIntermediate(certificate(root, 1, 0, intermediate.publicKey(), now))
        .setLeaf(certificate(intermediate, 2, 1, serverKey, now))
        .build()
        .toByteArray();
  }

  private static NoiseCertificate certificate(
      KeyPair issuer, int serial, int issuerSerial, byte[] key, Instant now) {
    byte[] details =
        NoiseCertificate.Details.newBuilder()
            .setSerial(serial)
            .setIssuerSerial(issuerSerial)
            .setKey(ByteString.copyFrom(key))
            .setNotBefore(now.minus(BACKDATED).getEpochSecond())
            .setNotAfter(now.plus(VALID).getEpochSecond())
            .build()
            .toByteArray();
    return NoiseCertificate.newBuilder()
        .setDetails(ByteString.copyFrom(details))
        .setSignature(ByteString.copyFrom(issuer.sign(details)))
        .build();
  }
}
