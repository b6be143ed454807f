package dev.heliograph.sandbox.account;

import com.google.protobuf.ByteString;
import dev.heliograph.sandbox.crypto.Signature;

/** The pre-key that serves many, with the identity's word for it. */
public record SignedPreKey(PublicKey key, ByteString signature) {
  private static final byte[] KEY_TYPE = {5};

  public boolean isSignedBy(ByteString identity) {
    return Signature.verifies(
        identity.toByteArray(), signature.toByteArray(), KEY_TYPE, key.key().toByteArray());
  }

  @Override
  public String toString() {
    return "SignedPreKey[" + key.id() + "]";
  }
}
