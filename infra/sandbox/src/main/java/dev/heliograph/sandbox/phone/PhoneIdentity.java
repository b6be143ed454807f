package dev.heliograph.sandbox.phone;

import com.github.auties00.libsignal.key.SignalIdentityKeyPair;
import com.github.auties00.libsignal.key.SignalIdentityPrivateKey;
import com.github.auties00.libsignal.key.SignalIdentityPublicKey;
import com.github.auties00.libsignal.key.SignalSignedKeyPair;
import dev.heliograph.sandbox.crypto.KeyPair;

/**
 * What makes a phone this phone.
 *
 * @param identity its Signal identity, which is also what it signs companions with
 * @param rawId names the account in ADV structures
 */
public record PhoneIdentity(
    String lid, KeyPair identity, int registrationId, int rawId, SignalSignedKeyPair signedPreKey) {
  SignalIdentityKeyPair signalIdentity() {
    return new SignalIdentityKeyPair(
        SignalIdentityPublicKey.ofDirect(identity.publicKey()),
        SignalIdentityPrivateKey.ofDirect(identity.privateKey()));
  }

  @Override
  public String toString() {
    return "PhoneIdentity[redacted]";
  }
}
