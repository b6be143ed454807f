package dev.heliograph.sandbox.wire;

import com.google.protobuf.ByteString;
import dev.heliograph.sandbox.crypto.Bytes;
import dev.heliograph.sandbox.crypto.KeyPair;
import dev.heliograph.sandbox.proto.ClientPayload;
import dev.heliograph.sandbox.proto.ClientPayload.DevicePairingRegistrationData;
import dev.heliograph.sandbox.proto.DeviceProps;
import java.security.SecureRandom;
import java.util.Base64;

/** The keys of a companion that a test plays. */
public final class Companion {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] KEY_TYPE = {5};

  final KeyPair noise = KeyPair.generate();
  final KeyPair identity = KeyPair.generate();
  final KeyPair signedPreKey = KeyPair.generate();
  final byte[] advSecret = new byte[32];
  final int registrationId = 1 + RANDOM.nextInt(16_000);

  public Companion() {
    RANDOM.nextBytes(advSecret);
  }

  byte[] signedPreKeySignature() {
    return identity.sign(KEY_TYPE, signedPreKey.publicKey());
  }

  ClientPayload.Builder registration() {
    return ClientPayload.newBuilder()
        .setPassive(false)
        .setDevicePairingData(
            DevicePairingRegistrationData.newBuilder()
                .setERegid(ByteString.copyFrom(Bytes.bigEndian(registrationId, 4)))
                .setEKeytype(ByteString.copyFrom(KEY_TYPE))
                .setEIdent(ByteString.copyFrom(identity.publicKey()))
                .setESkeyId(ByteString.copyFrom(Bytes.bigEndian(1, 3)))
                .setESkeyVal(ByteString.copyFrom(signedPreKey.publicKey()))
                .setESkeySig(ByteString.copyFrom(signedPreKeySignature()))
                .setDeviceProps(DeviceProps.newBuilder().setOs("Test").build().toByteString()));
  }

  ClientPayload login(String msisdn, int device) {
    return ClientPayload.newBuilder()
        .setUsername(Long.parseUnsignedLong(msisdn))
        .setDevice(device)
        .setPassive(true)
        .build();
  }

  String qr(String ref) {
    return qr(ref, noise.publicKey(), identity.publicKey(), advSecret);
  }

  static String qr(String ref, byte[] noise, byte[] identity, byte[] advSecret) {
    Base64.Encoder base64 = Base64.getEncoder();
    return "https://wa.me/settings/linked_devices#"
        + String.join(
            ",",
            ref,
            base64.encodeToString(noise),
            base64.encodeToString(identity),
            base64.encodeToString(advSecret),
            "1");
  }
}
