package dev.heliograph.sandbox.account;

import com.google.protobuf.ByteString;
import dev.heliograph.sandbox.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * The one-time pre-keys that devices have published. Each is handed out once; its number stays
 * known after that.
 */
public final class PreKeys {
  private final Database database;

  public PreKeys(Database database) {
    this.database = database;
    database.execute(
        """
        CREATE TABLE IF NOT EXISTS pre_keys (
          lid TEXT NOT NULL,
          device INTEGER NOT NULL,
          id INTEGER NOT NULL,
          public_key BLOB NOT NULL,
          handed_out INTEGER NOT NULL DEFAULT 0,
          PRIMARY KEY (lid, device, id)) WITHOUT ROWID
        """);
    database.execute(
        "CREATE INDEX IF NOT EXISTS pre_keys_in_pool ON pre_keys (lid, device) WHERE handed_out ="
            + " 0");
  }

  /**
   * Adds a key to the pool. A repeated upload of the same key changes nothing, also if it was
   * handed out since.
   *
   * @return false if another key was published under this number before; the pool keeps that one
   */
  public boolean add(DeviceAddress device, PublicKey preKey) {
    boolean isNew =
        database.update(
                "INSERT OR IGNORE INTO pre_keys (lid, device, id, public_key) VALUES (?, ?, ?, ?)",
                device.lid(),
                device.device(),
                preKey.id(),
                preKey.key().toByteArray())
            > 0;
    return isNew || keyOf(device, preKey.id()).equals(preKey.key());
  }

  private ByteString keyOf(DeviceAddress device, int id) {
    return database
        .find(
            "SELECT public_key FROM pre_keys WHERE lid = ? AND device = ? AND id = ?",
            row -> ByteString.copyFrom(row.getBytes(1)),
            device.lid(),
            device.device(),
            id)
        .orElseThrow();
  }

  /** The next key of the pool, which nobody will get again. */
  public Optional<PublicKey> take(DeviceAddress device) {
    return database.find(
        """
        UPDATE pre_keys SET handed_out = 1 WHERE lid = ?1 AND device = ?2 AND id =
          (SELECT MIN(id) FROM pre_keys WHERE lid = ?1 AND device = ?2 AND handed_out = 0)
        RETURNING id, public_key
        """,
        PreKeys::read,
        device.lid(),
        device.device());
  }

  public int count(DeviceAddress device) {
    return (int)
        database.count(
            "SELECT COUNT(*) FROM pre_keys WHERE lid = ? AND device = ? AND handed_out = 0",
            device.lid(),
            device.device());
  }

  public List<PublicKey> pool(DeviceAddress device) {
    return database.list(
        """
        SELECT id, public_key FROM pre_keys WHERE lid = ? AND device = ? AND handed_out = 0
        ORDER BY id
        """,
        PreKeys::read,
        device.lid(),
        device.device());
  }

  public void removeAll(DeviceAddress device) {
    database.update(
        "DELETE FROM pre_keys WHERE lid = ? AND device = ?", device.lid(), device.device());
  }

  private static PublicKey read(ResultSet row) throws SQLException {
    return new PublicKey(row.getInt("id"), ByteString.copyFrom(row.getBytes("public_key")));
  }
}
