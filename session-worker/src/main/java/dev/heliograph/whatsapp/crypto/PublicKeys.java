package dev.heliograph.whatsapp.crypto;

import com.github.auties00.curve25519.Curve25519;
import com.google.protobuf.ByteString;
import dev.heliograph.whatsapp.ProtocolException;
import java.util.HexFormat;

/** Curve25519 public keys that others gave us: 32 bytes that may be anything. */
public final class PublicKeys {
  public static final int LENGTH = 32;

  public static final int SIGNATURE_LENGTH = 64;

  /** Signal writes a type before a key. */
  private static final ByteString TYPE = ByteString.copyFrom(HexFormat.of().parseHex("05"));

  private PublicKeys() {}

  /** The key with Signal's type byte before it, 33 bytes. */
  public static ByteString withType(ByteString key) {
    return TYPE.concat(key);
  }

  /**
   * The 32 bytes of a key that comes with Signal's type byte, or without.
   *
   * @throws ProtocolException if it is neither
   */
  public static ByteString withoutType(ByteString key) {
    if (key.size() == LENGTH) return key;
    if (key.size() == LENGTH + 1 && key.startsWith(TYPE)) return key.substring(1);
    throw new ProtocolException("not a Curve25519 public key");
  }

  /**
   * Whether this is an XEdDSA signature of the message by the key. False for anything malformed
   * too.
   */
  public static boolean verify(ByteString key, ByteString message, ByteString signature) {
    return key.size() == LENGTH
        && signature.size() == SIGNATURE_LENGTH
        && Curve25519.verifySignature(
            key.toByteArray(), message.toByteArray(), signature.toByteArray());
  }

  static byte[] agree(ByteString privateKey, ByteString theirs) {
    if (theirs.size() != LENGTH) throw new ProtocolException("a key of another length than 32");
    byte[] secret = Curve25519.sharedKey(privateKey.toByteArray(), theirs.toByteArray());
    int bits = 0;
    for (byte b : secret) bits |= b;
    // A point of small order: whoever sends it knows the secret without a key.
    if (bits == 0) throw new ProtocolException("a key that agrees on nothing");
    return secret;
  }
}
