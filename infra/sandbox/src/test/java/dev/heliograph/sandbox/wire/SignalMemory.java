package dev.heliograph.sandbox.wire;

import com.github.auties00.libsignal.SignalProtocolAddress;
import com.github.auties00.libsignal.SignalProtocolStore;
import com.github.auties00.libsignal.groups.SignalSenderKeyName;
import com.github.auties00.libsignal.groups.state.SignalSenderKeyRecord;
import com.github.auties00.libsignal.key.SignalIdentityKeyPair;
import com.github.auties00.libsignal.key.SignalIdentityPrivateKey;
import com.github.auties00.libsignal.key.SignalIdentityPublicKey;
import com.github.auties00.libsignal.key.SignalKeyDirection;
import com.github.auties00.libsignal.key.SignalPreKeyPair;
import com.github.auties00.libsignal.key.SignalSignedKeyPair;
import com.github.auties00.libsignal.state.SignalSessionRecord;
import com.github.auties00.libsignal.state.SignalSessionRecordSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The Signal state of a companion that a test plays, as good as it needs for sending and for
 * reading answers.
 */
final class SignalMemory implements SignalProtocolStore {
  private final Companion companion;
  private final Map<SignalProtocolAddress, byte[]> sessions = new HashMap<>();

  SignalMemory(Companion companion) {
    this.companion = companion;
  }

  @Override
  public int registrationId() {
    return companion.registrationId;
  }

  @Override
  public SignalIdentityKeyPair identityKeyPair() {
    return new SignalIdentityKeyPair(
        SignalIdentityPublicKey.ofDirect(companion.identity.publicKey()),
        SignalIdentityPrivateKey.ofDirect(companion.identity.privateKey()));
  }

  @Override
  public Optional<SignalSessionRecord> findSessionByAddress(SignalProtocolAddress address) {
    return Optional.ofNullable(sessions.get(address)).map(SignalSessionRecordSpec::decode);
  }

  @Override
  public void addSession(SignalProtocolAddress address, SignalSessionRecord session) {
    sessions.put(address, SignalSessionRecordSpec.encode(session));
  }

  @Override
  public Optional<SignalSenderKeyRecord> findSenderKeyByName(SignalSenderKeyName name) {
    return Optional.empty();
  }

  @Override
  public void addSenderKey(SignalSenderKeyName name, SignalSenderKeyRecord senderKey) {}

  @Override
  public Optional<SignalSignedKeyPair> findSignedPreKeyById(Integer id) {
    return Optional.empty();
  }

  @Override
  public void addSignedPreKey(SignalSignedKeyPair signedPreKey) {}

  @Override
  public Optional<SignalPreKeyPair> findPreKeyById(Integer id) {
    return Optional.empty();
  }

  @Override
  public void addPreKey(SignalPreKeyPair preKey) {}

  @Override
  public boolean removePreKey(int id) {
    return false;
  }

  @Override
  public boolean isTrustedIdentity(
      SignalProtocolAddress address, SignalIdentityPublicKey key, SignalKeyDirection direction) {
    return true;
  }

  @Override
  public void addTrustedIdentity(SignalProtocolAddress address, SignalIdentityPublicKey key) {}
}
