package dev.heliograph.whatsapp.signal;

import com.github.auties00.libsignal.SignalProtocolAddress;
import com.github.auties00.libsignal.SignalProtocolStore;
import com.github.auties00.libsignal.groups.SignalSenderKeyName;
import com.github.auties00.libsignal.groups.state.SignalSenderKeyRecord;
import com.github.auties00.libsignal.key.SignalIdentityKeyPair;
import com.github.auties00.libsignal.key.SignalIdentityPrivateKey;
import com.github.auties00.libsignal.key.SignalIdentityPublicKey;
import com.github.auties00.libsignal.key.SignalKeyDirection;
import com.github.auties00.libsignal.key.SignalPreKeyPair;
import com.github.auties00.libsignal.key.SignalPreKeyPairBuilder;
import com.github.auties00.libsignal.key.SignalSignedKeyPair;
import com.github.auties00.libsignal.key.SignalSignedKeyPairBuilder;
import com.github.auties00.libsignal.state.SignalSessionRecord;
import dev.heliograph.whatsapp.Jid;
import dev.heliograph.whatsapp.auth.Credentials;
import dev.heliograph.whatsapp.auth.SignedPreKey;
import dev.heliograph.whatsapp.crypto.KeyPair;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What libsignal reads and writes in one operation with one device. Nothing reaches the records
 * before {@link #keep}: libsignal writes some of it before it knows whether the operation succeeds.
 */
final class SignalAttempt implements SignalProtocolStore {
  private final Credentials credentials;
  private final DeviceSessions sessions;
  private final PreKeys preKeys;
  private final Jid device;
  private @Nullable SignalSessionRecord session;
  private @Nullable Integer usedPreKey;

  SignalAttempt(Credentials credentials, DeviceSessions sessions, PreKeys preKeys, Jid device) {
    this.credentials = credentials;
    this.sessions = sessions;
    this.preKeys = preKeys;
    this.device = device;
  }

  SignalProtocolAddress address() {
    return new SignalProtocolAddress(device.signalName(), device.device());
  }

  /**
   * Writes what has changed.
   *
   * @return whether the device's identity key is another one than before
   */
  boolean keep() {
    if (session == null) throw new IllegalStateException("libsignal has not written a session");
    if (usedPreKey != null) preKeys.remove(usedPreKey);
    return sessions.put(device, session);
  }

  @Override
  public int registrationId() {
    return credentials.registrationId();
  }

  @Override
  public SignalIdentityKeyPair identityKeyPair() {
    return toSignal(credentials.identityKey());
  }

  @Override
  public Optional<SignalSessionRecord> findSessionByAddress(SignalProtocolAddress address) {
    return session == null ? sessions.find(device) : Optional.of(session);
  }

  @Override
  public void addSession(SignalProtocolAddress address, SignalSessionRecord changed) {
    session = changed;
  }

  @Override
  public Optional<SignalSignedKeyPair> findSignedPreKeyById(Integer id) {
    SignedPreKey ours = credentials.signedPreKey();
    if (id != ours.id()) return Optional.empty();
    return Optional.of(
        new SignalSignedKeyPairBuilder()
            .id(ours.id())
            .keyPair(toSignal(ours.keyPair()))
            .signature(ours.signature().toByteArray())
            .build());
  }

  @Override
  public Optional<SignalPreKeyPair> findPreKeyById(Integer id) {
    return preKeys
        .find(id)
        .map(found -> new SignalPreKeyPairBuilder().id(id).keyPair(toSignal(found)).build());
  }

  @Override
  public boolean removePreKey(int id) {
    usedPreKey = id;
    return true;
  }

  /** Peers may set up their device anew: that is told to the caller, not refused. */
  @Override
  public boolean isTrustedIdentity(
      SignalProtocolAddress address, SignalIdentityPublicKey key, SignalKeyDirection direction) {
    return true;
  }

  /**
   * The session's own identity key counts: this one is not authenticated if the session was known
   * before.
   */
  @Override
  public void addTrustedIdentity(SignalProtocolAddress address, SignalIdentityPublicKey key) {}

  @Override
  public void addSignedPreKey(SignalSignedKeyPair key) {
    throw new UnsupportedOperationException("the ciphers add none");
  }

  @Override
  public void addPreKey(SignalPreKeyPair key) {
    throw new UnsupportedOperationException("the ciphers add none");
  }

  @Override
  public Optional<SignalSenderKeyRecord> findSenderKeyByName(SignalSenderKeyName name) {
    return Optional.empty();
  }

  @Override
  public void addSenderKey(SignalSenderKeyName name, SignalSenderKeyRecord key) {
    throw new UnsupportedOperationException("sessions have no sender keys");
  }

  private static SignalIdentityKeyPair toSignal(KeyPair keyPair) {
    return new SignalIdentityKeyPair(
        SignalIdentityPublicKey.ofDirect(keyPair.publicKey().toByteArray()),
        SignalIdentityPrivateKey.ofDirect(keyPair.privateKey().toByteArray()));
  }
}
