package dev.heliograph.sandbox.crypto;

import com.github.auties00.curve25519.Curve25519;

/** Checks XEdDSA signatures that a stranger made. */
public final class Signature {
  private Signature() {}

  /** Whether this is the key's signature over the parts in a row; wrong lengths are a plain no. */
  public static boolean verifies(byte[] publicKey, byte[] signature, byte[]... parts) {
    return publicKey.length == 32
        && signature.length == 64
        && Curve25519.verifySignature(publicKey, Bytes.concat(parts), signature);
  }
}
