package dev.heliograph.sandbox.phone;

import com.github.auties00.libsignal.key.SignalIdentityKeyPair;
import com.github.auties00.libsignal.key.SignalIdentityPrivateKey;
import com.github.auties00.libsignal.key.SignalIdentityPublicKey;
import com.github.auties00.libsignal.key.SignalPreKeyPair;
import com.github.auties00.libsignal.key.SignalPreKeyPairSpec;
import com.github.auties00.libsignal.key.SignalSignedKeyPair;
import com.github.auties00.libsignal.key.SignalSignedKeyPairSpec;
import com.google.protobuf.ByteString;
import dev.heliograph.sandbox.account.Account;
import dev.heliograph.sandbox.account.Device;
import dev.heliograph.sandbox.account.DeviceAddress;
import dev.heliograph.sandbox.account.Devices;
import dev.heliograph.sandbox.account.PreKeys;
import dev.heliograph.sandbox.account.PublicKey;
import dev.heliograph.sandbox.account.SignedPreKey;
import dev.heliograph.sandbox.crypto.KeyPair;
import dev.heliograph.sandbox.store.Database;
import java.security.SecureRandom;
import java.util.Optional;

/** The private keys of the phones, and their public halves where everybody finds them. */
public final class PhoneKeys {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int POOL = 20;
  private static final int LOW = 5;

  private final Database database;
  private final Devices devices;
  private final PreKeys preKeys;

  public PhoneKeys(Database database, Devices devices, PreKeys preKeys) {
    this.database = database;
    this.devices = devices;
    this.preKeys = preKeys;
    database.execute(
        """
        CREATE TABLE IF NOT EXISTS phones (
          lid TEXT PRIMARY KEY,
          identity BLOB NOT NULL,
          identity_private BLOB NOT NULL,
          registration_id INTEGER NOT NULL,
          raw_id INTEGER NOT NULL,
          signed_pre_key BLOB NOT NULL,
          next_pre_key_id INTEGER NOT NULL)
        """);
    database.execute(
        """
        CREATE TABLE IF NOT EXISTS phone_pre_keys (
          lid TEXT NOT NULL,
          id INTEGER NOT NULL,
          key_pair BLOB NOT NULL,
          PRIMARY KEY (lid, id)) WITHOUT ROWID
        """);
  }

  /** Gives an account its device 0. */
  public void create(Account account) {
    KeyPair identity = KeyPair.generate();
    SignalSignedKeyPair signedPreKey =
        SignalSignedKeyPair.of(
            1,
            new SignalIdentityKeyPair(
                SignalIdentityPublicKey.ofDirect(identity.publicKey()),
                SignalIdentityPrivateKey.ofDirect(identity.privateKey())));
    int registrationId = 1 + RANDOM.nextInt(16380);
    database.update(
        "INSERT INTO phones VALUES (?, ?, ?, ?, ?, ?, 1)",
        account.lid(),
        identity.publicKey(),
        identity.privateKey(),
        registrationId,
        RANDOM.nextInt(Integer.MAX_VALUE),
        SignalSignedKeyPairSpec.encode(signedPreKey));
    devices.add(
        new Device(
            account.phone(),
            registrationId,
            ByteString.copyFrom(identity.publicKey()),
            new SignedPreKey(
                new PublicKey(1, ByteString.copyFrom(signedPreKey.publicKey().toEncodedPoint())),
                ByteString.copyFrom(signedPreKey.signature())),
            ByteString.EMPTY,
            0,
            ByteString.EMPTY,
            "phone",
            account.createdAt()));
    refill(account.lid());
  }

  public PhoneIdentity get(String lid) {
    return database
        .find(
            "SELECT * FROM phones WHERE lid = ?",
            row ->
                new PhoneIdentity(
                    lid,
                    KeyPair.of(row.getBytes("identity"), row.getBytes("identity_private")),
                    row.getInt("registration_id"),
                    row.getInt("raw_id"),
                    SignalSignedKeyPairSpec.decode(row.getBytes("signed_pre_key"))),
            lid)
        .orElseThrow();
  }

  /** Publishes new one-time pre-keys if there are few left. */
  public void refill(String lid) {
    DeviceAddress phone = new DeviceAddress(lid, 0);
    if (preKeys.count(phone) > LOW) {
      return;
    }
    int first =
        database
                .find(
                    "UPDATE phones SET next_pre_key_id = next_pre_key_id + ? WHERE lid = ?"
                        + " RETURNING next_pre_key_id",
                    row -> row.getInt(1),
                    POOL,
                    lid)
                .orElseThrow()
            - POOL;
    for (int id = first; id < first + POOL; id++) {
      publish(phone, SignalPreKeyPair.random(id));
    }
  }

  /** A fresh one-time pre-key that is in no pool: for the one who is told. */
  SignalPreKeyPair fresh(String lid) {
    int id =
        database
                .find(
                    "UPDATE phones SET next_pre_key_id = next_pre_key_id + 1 WHERE lid = ?"
                        + " RETURNING next_pre_key_id",
                    row -> row.getInt(1),
                    lid)
                .orElseThrow()
            - 1;
    SignalPreKeyPair preKey = SignalPreKeyPair.random(id);
    keep(lid, preKey);
    return preKey;
  }

  private void publish(DeviceAddress phone, SignalPreKeyPair preKey) {
    keep(phone.lid(), preKey);
    preKeys.add(
        phone,
        new PublicKey(preKey.id(), ByteString.copyFrom(preKey.publicKey().toEncodedPoint())));
  }

  private void keep(String lid, SignalPreKeyPair preKey) {
    database.update(
        "INSERT INTO phone_pre_keys VALUES (?, ?, ?)",
        lid,
        preKey.id(),
        SignalPreKeyPairSpec.encode(preKey));
  }

  Optional<SignalPreKeyPair> find(String lid, int id) {
    return database.find(
        "SELECT key_pair FROM phone_pre_keys WHERE lid = ? AND id = ?",
        row -> SignalPreKeyPairSpec.decode(row.getBytes(1)),
        lid,
        id);
  }

  boolean remove(String lid, int id) {
    return database.update("DELETE FROM phone_pre_keys WHERE lid = ? AND id = ?", lid, id) > 0;
  }
}
