package dev.heliograph.sandbox.account;

import com.google.protobuf.ByteString;
import dev.heliograph.sandbox.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The devices of all accounts, phones included. */
public final class Devices {
  private final Database database;

  public Devices(Database database) {
    this.database = database;
    database.execute(
        """
        CREATE TABLE IF NOT EXISTS devices (
          lid TEXT NOT NULL,
          device INTEGER NOT NULL,
          registration_id INTEGER NOT NULL,
          identity BLOB NOT NULL,
          signed_pre_key_id INTEGER NOT NULL,
          signed_pre_key BLOB NOT NULL,
          signed_pre_key_signature BLOB NOT NULL,
          noise_key BLOB NOT NULL,
          key_index INTEGER NOT NULL,
          signed_identity BLOB NOT NULL,
          name TEXT NOT NULL,
          linked_at INTEGER NOT NULL,
          PRIMARY KEY (lid, device)) WITHOUT ROWID
        """);
  }

  public void add(Device device) {
    database.update(
        "INSERT INTO devices VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        device.address().lid(),
        device.address().device(),
        device.registrationId(),
        device.identity().toByteArray(),
        device.signedPreKey().key().id(),
        device.signedPreKey().key().key().toByteArray(),
        device.signedPreKey().signature().toByteArray(),
        device.noiseKey().toByteArray(),
        device.keyIndex(),
        device.signedIdentity().toByteArray(),
        device.name(),
        device.linkedAt().getEpochSecond());
  }

  public boolean remove(DeviceAddress address) {
    return database.update(
            "DELETE FROM devices WHERE lid = ? AND device = ?", address.lid(), address.device())
        > 0;
  }

  public void rotate(DeviceAddress address, SignedPreKey signedPreKey) {
    database.update(
        """
        UPDATE devices SET signed_pre_key_id = ?, signed_pre_key = ?, signed_pre_key_signature = ?
        WHERE lid = ? AND device = ?
        """,
        signedPreKey.key().id(),
        signedPreKey.key().key().toByteArray(),
        signedPreKey.signature().toByteArray(),
        address.lid(),
        address.device());
  }

  public Optional<Device> find(DeviceAddress address) {
    return database.find(
        "SELECT * FROM devices WHERE lid = ? AND device = ?",
        Devices::read,
        address.lid(),
        address.device());
  }

  /** Phone first, then companions in the order in which they were linked. */
  public List<Device> of(String lid) {
    return database.list("SELECT * FROM devices WHERE lid = ? ORDER BY device", Devices::read, lid);
  }

  private static Device read(ResultSet row) throws SQLException {
    return new Device(
        new DeviceAddress(row.getString("lid"), row.getInt("device")),
        row.getLong("registration_id"),
        ByteString.copyFrom(row.getBytes("identity")),
        new SignedPreKey(
            new PublicKey(
                row.getInt("signed_pre_key_id"),
                ByteString.copyFrom(row.getBytes("signed_pre_key"))),
            ByteString.copyFrom(row.getBytes("signed_pre_key_signature"))),
        ByteString.copyFrom(row.getBytes("noise_key")),
        row.getInt("key_index"),
        ByteString.copyFrom(row.getBytes("signed_identity")),
        row.getString("name"),
        Instant.ofEpochSecond(row.getLong("linked_at")));
  }
}
