package dev.heliograph.sandbox.pairing;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.heliograph.sandbox.account.PublicKey;
import dev.heliograph.sandbox.account.SignedPreKey;
import dev.heliograph.sandbox.crypto.Bytes;
import dev.heliograph.sandbox.proto.ClientPayload.DevicePairingRegistrationData;
import dev.heliograph.sandbox.proto.DeviceProps;
import dev.heliograph.sandbox.wire.MalformedStanzaException;

/** What a companion says of itself before it is one. */
record Registration(
    ByteString noiseKey,
    long registrationId,
    ByteString identity,
    SignedPreKey signedPreKey,
    String name) {
  private static final ByteString CURVE25519 = ByteString.copyFrom(new byte[] {5});

  /**
   * Reads and checks it.
   *
   * @throws MalformedStanzaException if a part is missing or the signed pre-key is not signed by
   *     the identity
   */
  static Registration read(ByteString noiseKey, DevicePairingRegistrationData data) {
    try {
      SignedPreKey signedPreKey =
          new SignedPreKey(
              new PublicKey(
                  (int) Bytes.number(exactly(3, data.getESkeyId()).toByteArray()),
                  exactly(32, data.getESkeyVal())),
              exactly(64, data.getESkeySig()));
      ByteString identity = exactly(32, data.getEIdent());
      if (!data.getEKeytype().equals(CURVE25519) || !signedPreKey.isSignedBy(identity)) {
        throw new MalformedStanzaException("a registration whose signed pre-key nobody signed");
      }
      return new Registration(
          noiseKey,
          Bytes.number(exactly(4, data.getERegid()).toByteArray()),
          identity,
          signedPreKey,
          DeviceProps.parseFrom(data.getDeviceProps()).getOs());
    } catch (InvalidProtocolBufferException malformed) {
      throw new MalformedStanzaException("a registration without device properties");
    }
  }

  private static ByteString exactly(int length, ByteString bytes) {
    if (bytes.size() != length) {
      throw new MalformedStanzaException(
          "a registration with a part that is not of " + length + " bytes");
    }
    return bytes;
  }

  @Override
  public String toString() {
    return "Registration[redacted]";
  }
}
