package dev.heliograph.sandbox.phone;

import dev.heliograph.sandbox.account.DeviceAddress;
import dev.heliograph.sandbox.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Everything that decrypted at a phone, in order of arrival. A message that was shown twice is here
 * twice.
 */
public final class ShownMessages {
  private final Database database;

  public ShownMessages(Database database) {
    this.database = database;
    database.execute(
        """
        CREATE TABLE IF NOT EXISTS shown_messages (
          n INTEGER PRIMARY KEY AUTOINCREMENT,
          lid TEXT NOT NULL,
          id TEXT NOT NULL,
          from_lid TEXT NOT NULL,
          from_device INTEGER NOT NULL,
          chat TEXT NOT NULL,
          text TEXT,
          device_sent INTEGER NOT NULL,
          peer INTEGER NOT NULL,
          retry INTEGER NOT NULL,
          t INTEGER NOT NULL)
        """);
    database.execute("CREATE INDEX IF NOT EXISTS shown_messages_of ON shown_messages (lid, id)");
  }

  void add(String lid, ShownMessage message) {
    database.update(
        """
        INSERT INTO shown_messages
          (lid, id, from_lid, from_device, chat, text, device_sent, peer, retry, t)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        lid,
        message.id(),
        message.from().lid(),
        message.from().device(),
        message.chat(),
        message.text(),
        message.deviceSent() ? 1 : 0,
        message.peer() ? 1 : 0,
        message.retry(),
        message.timestamp());
  }

  public List<ShownMessage> of(String lid) {
    return database.list(
        "SELECT * FROM shown_messages WHERE lid = ? ORDER BY n", ShownMessages::read, lid);
  }

  public Optional<ShownMessage> find(String lid, String id) {
    return database.find(
        "SELECT * FROM shown_messages WHERE lid = ? AND id = ? ORDER BY n",
        ShownMessages::read,
        lid,
        id);
  }

  boolean has(String lid, String id, DeviceAddress from) {
    return database.count(
            "SELECT 1 FROM shown_messages WHERE lid = ? AND id = ? AND from_lid = ? AND from_device"
                + " = ?",
            lid,
            id,
            from.lid(),
            from.device())
        > 0;
  }

  private static ShownMessage read(ResultSet row) throws SQLException {
    return new ShownMessage(
        row.getString("id"),
        new DeviceAddress(row.getString("from_lid"), row.getInt("from_device")),
        row.getString("chat"),
        row.getString("text"),
        row.getInt("device_sent") == 1,
        row.getInt("peer") == 1,
        row.getInt("retry"),
        row.getLong("t"));
  }
}
