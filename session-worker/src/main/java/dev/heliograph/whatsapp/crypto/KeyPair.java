package dev.heliograph.whatsapp.crypto;

import com.github.auties00.curve25519.Curve25519;
import com.google.protobuf.ByteString;
import dev.heliograph.whatsapp.proto.StoredKeyPair;
import java.util.random.RandomGenerator;

/**
 * A Curve25519 key pair, 32 bytes each, good for key agreement (X25519) and signatures (XEdDSA).
 *
 * @param privateKey clamped
 */
public record KeyPair(ByteString publicKey, ByteString privateKey) {
  public KeyPair {
    if (publicKey.size() != PublicKeys.LENGTH || privateKey.size() != PublicKeys.LENGTH) {
      throw new IllegalArgumentException("a key has 32 bytes");
    }
  }

  /**
   * Draws a new one.
   *
   * @param random a secure one, outside of tests
   */
  public static KeyPair generate(RandomGenerator random) {
    byte[] key = new byte[PublicKeys.LENGTH];
    random.nextBytes(key);
    key[0] &= (byte) 248;
    key[31] &= 127;
    key[31] |= 64;
    return ofPrivate(ByteString.copyFrom(key));
  }

  public static KeyPair ofPrivate(ByteString privateKey) {
    byte[] publicKey = Curve25519.getPublicKey(privateKey.toByteArray());
    return new KeyPair(ByteString.copyFrom(publicKey), privateKey);
  }

  /** The X25519 secret that we share with the owner of this key. */
  public byte[] agree(ByteString theirPublicKey) {
    return PublicKeys.agree(privateKey, theirPublicKey);
  }

  /** An XEdDSA signature, 64 bytes. */
  public ByteString sign(ByteString message) {
    return ByteString.copyFrom(Curve25519.sign(privateKey.toByteArray(), message.toByteArray()));
  }

  public StoredKeyPair toStored() {
    return StoredKeyPair.newBuilder().setPublicKey(publicKey).setPrivateKey(privateKey).build();
  }

  public static KeyPair fromStored(StoredKeyPair stored) {
    return new KeyPair(stored.getPublicKey(), stored.getPrivateKey());
  }

  @Override
  public String toString() {
    return "KeyPair[redacted]";
  }
}
