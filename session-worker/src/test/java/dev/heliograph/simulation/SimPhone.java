package dev.heliograph.simulation;

import com.google.protobuf.ByteString;
import dev.heliograph.whatsapp.crypto.Hashes;
import dev.heliograph.whatsapp.crypto.KeyPair;
import dev.heliograph.whatsapp.proto.ADVDeviceIdentity;
import dev.heliograph.whatsapp.proto.ADVSignedDeviceIdentity;
import dev.heliograph.whatsapp.proto.ADVSignedDeviceIdentityHMAC;
import java.util.Base64;
import java.util.List;
import java.util.random.RandomGenerator;

/** The phone of the account that the instance is linked to: it scans codes and signs devices. */
final class SimPhone {
  private final KeyPair identity;
  private int signed;

  SimPhone(RandomGenerator random) {
    this.identity = KeyPair.generate(random);
  }

  /** A code as the phone reads it. */
  record Code(String ref, ByteString identityKey, ByteString advSecret) {
    static Code read(String text) {
      List<String> parts = List.of(text.substring(text.indexOf('#') + 1).split(",", -1));
      Base64.Decoder base64 = Base64.getDecoder();
      return new Code(
          parts.get(0),
          ByteString.copyFrom(base64.decode(parts.get(2))),
          ByteString.copyFrom(base64.decode(parts.get(3))));
    }
  }

  /** The device-identity of a {@code pair-success}. */
  ByteString sign(Code code) {
    ByteString details =
        ADVDeviceIdentity.newBuilder()
            .setRawId(1)
            .setTimestamp(1)
            .setKeyIndex(++signed)
            .build()
            .toByteString();
    ByteString message =
        ByteString.copyFrom(new byte[] {6, 0}).concat(details).concat(code.identityKey());
    ByteString signedIdentity =
        ADVSignedDeviceIdentity.newBuilder()
            .setDetails(details)
            .setAccountSignatureKey(identity.publicKey())
            .setAccountSignature(identity.sign(message))
            .build()
            .toByteString();
    byte[] hmac = Hashes.hmacSha256(code.advSecret().toByteArray(), signedIdentity.toByteArray());
    return ADVSignedDeviceIdentityHMAC.newBuilder()
        .setDetails(signedIdentity)
        .setHmac(ByteString.copyFrom(hmac))
        .build()
        .toByteString();
  }
}
