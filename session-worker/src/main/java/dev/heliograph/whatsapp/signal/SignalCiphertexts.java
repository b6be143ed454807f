package dev.heliograph.whatsapp.signal;

import com.github.auties00.libsignal.protocol.SignalMessage;
import com.github.auties00.libsignal.protocol.SignalPreKeyMessage;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.heliograph.whatsapp.ProtocolException;
import dev.heliograph.whatsapp.crypto.PublicKeys;
import dev.heliograph.whatsapp.proto.SignalCiphertext;
import dev.heliograph.whatsapp.proto.SignalPreKeyCiphertext;

/**
 * Reads ciphertexts for libsignal, whose own parser trusts lengths and fields. It gets bytes that
 * were checked and written again; that costs nothing, since it computes the MAC over its own
 * encoding anyway.
 */
final class SignalCiphertexts {
  private static final byte VERSION = 0x33;
  private static final int MAC_LENGTH = 8;
  private static final int BLOCK_LENGTH = 16;

  private SignalCiphertexts() {}

  static SignalMessage message(ByteString bytes) {
    if (bytes.size() <= 1 + MAC_LENGTH) throw new ProtocolException("too short a Signal message");
    checkVersion(bytes);
    int macAt = bytes.size() - MAC_LENGTH;
    try {
      SignalCiphertext parsed = SignalCiphertext.parseFrom(bytes.substring(1, macAt));
      return SignalMessage.ofSerialized(
          withVersion(checked(parsed).toByteString()).concat(bytes.substring(macAt)).toByteArray());
    } catch (InvalidProtocolBufferException malformed) {
      throw new ProtocolException("not a Signal message", malformed);
    }
  }

  static SignalPreKeyMessage preKeyMessage(ByteString bytes) {
    checkVersion(bytes);
    try {
      SignalPreKeyCiphertext parsed = SignalPreKeyCiphertext.parseFrom(bytes.substring(1));
      return SignalPreKeyMessage.ofSerialized(
          withVersion(checked(parsed).toByteString()).toByteArray());
    } catch (InvalidProtocolBufferException malformed) {
      throw new ProtocolException("not a Signal pre-key message", malformed);
    }
  }

  private static SignalCiphertext checked(SignalCiphertext parsed) {
    int length = parsed.getCiphertext().size();
    if (length == 0 || length % BLOCK_LENGTH != 0) {
      throw new ProtocolException("a Signal message without whole blocks");
    }
    if (!parsed.hasCounter() || parsed.getCounter() < 0) {
      throw new ProtocolException("a Signal message with a counter out of range");
    }
    SignalCiphertext.Builder known =
        SignalCiphertext.newBuilder()
            .setRatchetKey(key(parsed.getRatchetKey()))
            .setCounter(parsed.getCounter())
            .setCiphertext(parsed.getCiphertext());
    if (parsed.hasPreviousCounter()) known.setPreviousCounter(parsed.getPreviousCounter());
    return known.build();
  }

  private static SignalPreKeyCiphertext checked(SignalPreKeyCiphertext parsed) {
    if (!parsed.hasSignedPreKeyId() || !parsed.hasRegistrationId()) {
      throw new ProtocolException("a Signal pre-key message without its ids");
    }
    SignalPreKeyCiphertext.Builder known =
        SignalPreKeyCiphertext.newBuilder()
            .setBaseKey(key(parsed.getBaseKey()))
            .setIdentityKey(key(parsed.getIdentityKey()))
            .setMessage(ByteString.copyFrom(message(parsed.getMessage()).toSerialized()))
            .setRegistrationId(parsed.getRegistrationId())
            .setSignedPreKeyId(parsed.getSignedPreKeyId());
    if (parsed.hasPreKeyId()) known.setPreKeyId(parsed.getPreKeyId());
    return known.build();
  }

  private static ByteString key(ByteString key) {
    return PublicKeys.withType(PublicKeys.withoutType(key));
  }

  private static void checkVersion(ByteString bytes) {
    if (bytes.isEmpty() || bytes.byteAt(0) != VERSION) {
      throw new ProtocolException("a Signal message of another version than 3");
    }
  }

  private static ByteString withVersion(ByteString encoded) {
    return ByteString.copyFrom(new byte[] {VERSION}).concat(encoded);
  }
}
