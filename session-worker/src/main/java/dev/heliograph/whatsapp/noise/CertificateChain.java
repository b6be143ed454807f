package dev.heliograph.whatsapp.noise;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.heliograph.whatsapp.ProtocolException;
import dev.heliograph.whatsapp.crypto.PublicKeys;
import dev.heliograph.whatsapp.proto.CertChain;
import dev.heliograph.whatsapp.proto.NoiseCertificate;
import dev.heliograph.whatsapp.proto.NoiseCertificateDetails;
import java.time.Instant;
import java.util.HexFormat;

/**
 * What the server proves itself with in the handshake: a certificate of its static key, issued by
 * an intermediate one, issued by a root that we know.
 */
public final class CertificateChain {
  /** WhatsApp's own root, as all of its clients hold it. */
  public static final ByteString WHATSAPP_ROOT =
      ByteString.copyFrom(
          HexFormat.of()
              .parseHex("142375574d0a587166aae71ebe516437c4a28b73e3695c6ce1f7f9545da8ee6b"));

  private static final int ROOT_SERIAL = 0;

  private CertificateChain() {}

  /**
   * Verifies everything about the chain.
   *
   * @param payload the server's payload of the handshake
   * @param serverKey the static key that the server has used in it
   * @throws ProtocolException if anything is not as it must be
   */
  static void verify(byte[] payload, ByteString serverKey, ByteString root, Instant now) {
    try {
      CertChain chain = CertChain.parseFrom(payload);
      NoiseCertificateDetails intermediate = verified(chain.getIntermediate(), root, now);
      require(intermediate.getIssuerSerial() == ROOT_SERIAL, "not issued by the root");
      NoiseCertificateDetails leaf = verified(chain.getLeaf(), intermediate.getKey(), now);
      require(
          leaf.getIssuerSerial() == intermediate.getSerial(),
          "not issued by the intermediate certificate");
      require(leaf.getKey().equals(serverKey), "not of the key that the server has");
    } catch (InvalidProtocolBufferException malformed) {
      throw new ProtocolException("not a certificate chain", malformed);
    }
  }

  private static NoiseCertificateDetails verified(
      NoiseCertificate certificate, ByteString issuer, Instant now)
      throws InvalidProtocolBufferException {
    require(certificate.hasDetails() && certificate.hasSignature(), "not whole");
    require(
        PublicKeys.verify(issuer, certificate.getDetails(), certificate.getSignature()),
        "not signed by its issuer");
    NoiseCertificateDetails details = NoiseCertificateDetails.parseFrom(certificate.getDetails());
    require(details.getKey().size() == PublicKeys.LENGTH, "not of a key");
    require(isWithin(details, now.getEpochSecond()), "not valid now");
    return details;
  }

  private static boolean isWithin(NoiseCertificateDetails details, long now) {
    return Long.compareUnsigned(details.getNotBefore(), now) <= 0
        && Long.compareUnsigned(now, details.getNotAfter()) <= 0;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) throw new ProtocolException("a certificate that is " + otherwise);
  }
}
