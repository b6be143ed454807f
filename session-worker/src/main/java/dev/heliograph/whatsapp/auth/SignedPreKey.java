package dev.heliograph.whatsapp.auth;

import com.google.protobuf.ByteString;
import dev.heliograph.whatsapp.crypto.KeyPair;
import dev.heliograph.whatsapp.crypto.PublicKeys;

/**
 * The pre-key that every peer may begin a session with.
 *
 * @param id 24 bits
 * @param signature by the identity key, over the public key with its type
 */
public record SignedPreKey(int id, KeyPair keyPair, ByteString signature) {
  static SignedPreKey sign(int id, KeyPair keyPair, KeyPair identity) {
    return new SignedPreKey(id, keyPair, identity.sign(PublicKeys.withType(keyPair.publicKey())));
  }

  @Override
  public String toString() {
    return "SignedPreKey[" + id + "]";
  }
}
