package dev.heliograph.sandbox.crypto;

import com.github.auties00.curve25519.Curve25519;

/** A Curve25519 key pair, both halves 32 bytes. Serves X25519 and XEdDSA alike. */
public final class KeyPair {
  private final byte[] publicKey;
  private final byte[] privateKey;

  private KeyPair(byte[] publicKey, byte[] privateKey) {
    this.publicKey = publicKey;
    this.privateKey = privateKey;
  }

  public static KeyPair generate() {
    return ofPrivate(Curve25519.randomPrivateKey());
  }

  public static KeyPair ofPrivate(byte[] privateKey) {
    return new KeyPair(Curve25519.getPublicKey(privateKey), privateKey);
  }

  /**
   * Of halves that belong together: to compute the public one is the dearest thing there is here.
   */
  public static KeyPair of(byte[] publicKey, byte[] privateKey) {
    return new KeyPair(publicKey.clone(), privateKey.clone());
  }

  public byte[] publicKey() {
    return publicKey.clone();
  }

  public byte[] privateKey() {
    return privateKey.clone();
  }

  public byte[] agree(byte[] theirPublicKey) {
    return Curve25519.sharedKey(privateKey, theirPublicKey);
  }

  /** An XEdDSA signature of 64 bytes over the parts in a row. */
  public byte[] sign(byte[]... parts) {
    return Curve25519.sign(privateKey, Bytes.concat(parts));
  }

  @Override
  public String toString() {
    return "KeyPair[redacted]";
  }
}
