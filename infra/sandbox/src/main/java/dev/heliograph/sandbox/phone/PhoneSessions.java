package dev.heliograph.sandbox.phone;

import com.github.auties00.libsignal.SignalProtocolAddress;
import com.github.auties00.libsignal.SignalProtocolStore;
import com.github.auties00.libsignal.groups.SignalSenderKeyName;
import com.github.auties00.libsignal.groups.state.SignalSenderKeyRecord;
import com.github.auties00.libsignal.key.SignalIdentityKeyPair;
import com.github.auties00.libsignal.key.SignalIdentityPublicKey;
import com.github.auties00.libsignal.key.SignalKeyDirection;
import com.github.auties00.libsignal.key.SignalPreKeyPair;
import com.github.auties00.libsignal.key.SignalSignedKeyPair;
import com.github.auties00.libsignal.state.SignalSessionRecord;
import com.github.auties00.libsignal.state.SignalSessionRecordSpec;
import dev.heliograph.sandbox.store.Database;
import java.util.Optional;

/**
 * One phone's Signal state, as the ciphers want to see it. Every look reads what is stored, so that
 * a cipher which fails halfway has changed nothing. Identities are trusted and not remembered: a
 * person would tap "OK".
 */
final class PhoneSessions implements SignalProtocolStore {
  private final Database database;
  private final PhoneKeys keys;
  private final PhoneIdentity phone;

  PhoneSessions(Database database, PhoneKeys keys, PhoneIdentity phone) {
    this.database = database;
    this.keys = keys;
    this.phone = phone;
  }

  static void createTable(Database database) {
    database.execute(
        """
        CREATE TABLE IF NOT EXISTS phone_sessions (
          lid TEXT NOT NULL,
          address TEXT NOT NULL,
          record BLOB NOT NULL,
          PRIMARY KEY (lid, address)) WITHOUT ROWID
        """);
  }

  @Override
  public int registrationId() {
    return phone.registrationId();
  }

  @Override
  public SignalIdentityKeyPair identityKeyPair() {
    return phone.signalIdentity();
  }

  @Override
  public Optional<SignalSessionRecord> findSessionByAddress(SignalProtocolAddress address) {
    return database.find(
        "SELECT record FROM phone_sessions WHERE lid = ? AND address = ?",
        row -> SignalSessionRecordSpec.decode(row.getBytes(1)),
        phone.lid(),
        address.toString());
  }

  @Override
  public void addSession(SignalProtocolAddress address, SignalSessionRecord session) {
    database.update(
        "INSERT OR REPLACE INTO phone_sessions VALUES (?, ?, ?)",
        phone.lid(),
        address.toString(),
        SignalSessionRecordSpec.encode(session));
  }

  @Override
  public Optional<SignalSenderKeyRecord> findSenderKeyByName(SignalSenderKeyName name) {
    return Optional.empty();
  }

  @Override
  public void addSenderKey(SignalSenderKeyName name, SignalSenderKeyRecord senderKey) {
    throw new UnsupportedOperationException("phones are in no groups");
  }

  @Override
  public Optional<SignalSignedKeyPair> findSignedPreKeyById(Integer id) {
    return Optional.of(phone.signedPreKey()).filter(key -> key.id() == id);
  }

  @Override
  public void addSignedPreKey(SignalSignedKeyPair signedPreKey) {
    throw new UnsupportedOperationException("phones do not rotate");
  }

  @Override
  public Optional<SignalPreKeyPair> findPreKeyById(Integer id) {
    return keys.find(phone.lid(), id);
  }

  @Override
  public void addPreKey(SignalPreKeyPair preKey) {
    throw new UnsupportedOperationException("PhoneKeys makes them");
  }

  @Override
  public boolean removePreKey(int id) {
    return keys.remove(phone.lid(), id);
  }

  @Override
  public boolean isTrustedIdentity(
      SignalProtocolAddress address, SignalIdentityPublicKey key, SignalKeyDirection direction) {
    return true;
  }

  @Override
  public void addTrustedIdentity(SignalProtocolAddress address, SignalIdentityPublicKey key) {}
}
