package dev.heliograph.sandbox.phone;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.heliograph.sandbox.crypto.Bytes;
import dev.heliograph.sandbox.crypto.Digest;
import dev.heliograph.sandbox.crypto.Signature;
import dev.heliograph.sandbox.proto.ADVDeviceIdentity;
import dev.heliograph.sandbox.proto.ADVEncryptionType;
import dev.heliograph.sandbox.proto.ADVKeyIndexList;
import dev.heliograph.sandbox.proto.ADVSignedDeviceIdentity;
import dev.heliograph.sandbox.proto.ADVSignedDeviceIdentityHMAC;
import dev.heliograph.sandbox.proto.ADVSignedKeyIndexList;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/** The signatures by which a phone vouches for its companions and a companion says yes. */
public final class Adv {
  private static final byte[] ACCOUNT_SIGNATURE = {6, 0};
  private static final byte[] DEVICE_SIGNATURE = {6, 1};
  private static final byte[] KEY_INDEX_LIST = {6, 2};

  private Adv() {}

  /** The phone's half: all but the device's signature. */
  public static ADVSignedDeviceIdentity sign(
      PhoneIdentity phone, byte[] companionIdentity, int keyIndex, Instant now) {
    byte[] details =
        ADVDeviceIdentity.newBuilder()
            .setRawId(phone.rawId())
            .setTimestamp(now.getEpochSecond())
            .setKeyIndex(keyIndex)
            .setAccountType(ADVEncryptionType.E2EE)
            .setDeviceType(ADVEncryptionType.E2EE)
            .build()
            .toByteArray();
    return ADVSignedDeviceIdentity.newBuilder()
        .setDetails(ByteString.copyFrom(details))
        .setAccountSignatureKey(ByteString.copyFrom(phone.identity().publicKey()))
        .setAccountSignature(
            ByteString.copyFrom(
                phone.identity().sign(ACCOUNT_SIGNATURE, details, companionIdentity)))
        .build();
  }

  /** Wraps it so that only who showed the QR code can tell that it is meant. */
  public static byte[] seal(ADVSignedDeviceIdentity identity, byte[] advSecret) {
    byte[] details = identity.toByteArray();
    return ADVSignedDeviceIdentityHMAC.newBuilder()
        .setDetails(ByteString.copyFrom(details))
        .setHmac(ByteString.copyFrom(Digest.hmac(advSecret, details)))
        .setAccountType(ADVEncryptionType.E2EE)
        .build()
        .toByteArray();
  }

  /**
   * Checks a companion's answer to what the phone {@link #sign signed}, and completes it.
   *
   * @return nothing if it is not that identity, or not signed by the companion
   */
  public static Optional<ADVSignedDeviceIdentity> complete(
      ADVSignedDeviceIdentity signed, byte[] companionIdentity, byte[] answer) {
    try {
      ADVSignedDeviceIdentity theirs = ADVSignedDeviceIdentity.parseFrom(answer);
      boolean isSame =
          theirs.getDetails().equals(signed.getDetails())
              && theirs.getAccountSignature().equals(signed.getAccountSignature());
      byte[] deviceSignature = theirs.getDeviceSignature().toByteArray();
      boolean isSigned =
          Signature.verifies(
              companionIdentity,
              deviceSignature,
              DEVICE_SIGNATURE,
              signed.getDetails().toByteArray(),
              companionIdentity,
              signed.getAccountSignatureKey().toByteArray());
      return isSame && isSigned
          ? Optional.of(
              signed.toBuilder().setDeviceSignature(ByteString.copyFrom(deviceSignature)).build())
          : Optional.empty();
    } catch (InvalidProtocolBufferException malformed) {
      return Optional.empty();
    }
  }

  public static byte[] keyIndexList(
      PhoneIdentity phone, Collection<Integer> validIndexes, Instant now) {
    byte[] details =
        ADVKeyIndexList.newBuilder()
            .setRawId(phone.rawId())
            .setTimestamp(now.getEpochSecond())
            .setCurrentIndex(validIndexes.stream().mapToInt(Integer::intValue).max().orElse(0))
            .addAllValidIndexes(validIndexes)
            .setAccountType(ADVEncryptionType.E2EE)
            .build()
            .toByteArray();
    return ADVSignedKeyIndexList.newBuilder()
        .setDetails(ByteString.copyFrom(details))
        .setAccountSignature(
            ByteString.copyFrom(phone.identity().sign(KEY_INDEX_LIST, Bytes.concat(details))))
        .build()
        .toByteArray();
  }
}
