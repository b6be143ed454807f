package dev.heliograph.sandbox.account;

import com.google.protobuf.ByteString;
import java.time.Instant;

/**
 * A phone or a linked companion, as the server knows it.
 *
 * @param registrationId unsigned, 32 bits
 * @param noiseKey what it must prove to own at login; empty for a phone, which never logs in here
 * @param keyIndex its place in the account's key-index list; 0 for a phone
 * @param signedIdentity its ADVSignedDeviceIdentity with all signatures; empty for a phone
 * @param name what it called itself when it was linked
 */
public record Device(
    DeviceAddress address,
    long registrationId,
    ByteString identity,
    SignedPreKey signedPreKey,
    ByteString noiseKey,
    int keyIndex,
    ByteString signedIdentity,
    String name,
    Instant linkedAt) {
  @Override
  public String toString() {
    return "Device[" + address + "]";
  }
}
