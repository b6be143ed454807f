package dev.heliograph.sandbox.phone;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.heliograph.sandbox.proto.Message;
import dev.heliograph.sandbox.store.Database;
import dev.heliograph.sandbox.store.StoreException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** What a phone has sent, kept for who asks for it again, and the receipts that came for it. */
public final class SentMessages {
  private final Database database;

  public SentMessages(Database database) {
    this.database = database;
    database.execute(
        """
        CREATE TABLE IF NOT EXISTS sent_messages (
          lid TEXT NOT NULL,
          id TEXT NOT NULL,
          to_lid TEXT NOT NULL,
          message BLOB NOT NULL,
          PRIMARY KEY (lid, id)) WITHOUT ROWID
        """);
    database.execute(
        """
        CREATE TABLE IF NOT EXISTS phone_receipts (
          n INTEGER PRIMARY KEY AUTOINCREMENT,
          lid TEXT NOT NULL,
          id TEXT NOT NULL,
          from_lid TEXT NOT NULL,
          type TEXT NOT NULL,
          t INTEGER NOT NULL)
        """);
    database.execute("CREATE INDEX IF NOT EXISTS phone_receipts_of ON phone_receipts (lid)");
  }

  record Sent(String toLid, Message message) {}

  /**
   * A receipt that came for a message.
   *
   * @param type {@code delivery}, or the receipt's own type such as {@code read}
   */
  public record Receipt(String id, String fromLid, String type, long timestamp) {}

  void put(String lid, String id, String toLid, Message message) {
    database.update(
        "INSERT OR REPLACE INTO sent_messages VALUES (?, ?, ?, ?)",
        lid,
        id,
        toLid,
        message.toByteArray());
  }

  Optional<Sent> find(String lid, String id) {
    return database.find(
        "SELECT to_lid, message FROM sent_messages WHERE lid = ? AND id = ?",
        row -> {
          try {
            return new Sent(row.getString(1), Message.parseFrom(row.getBytes(2)));
          } catch (InvalidProtocolBufferException corrupt) {
            throw new StoreException("a sent message", new SQLException(corrupt));
          }
        },
        lid,
        id);
  }

  public boolean has(String lid, String id) {
    return database.count("SELECT 1 FROM sent_messages WHERE lid = ? AND id = ?", lid, id) > 0;
  }

  void add(String lid, Receipt receipt) {
    database.update(
        "INSERT INTO phone_receipts (lid, id, from_lid, type, t) VALUES (?, ?, ?, ?, ?)",
        lid,
        receipt.id(),
        receipt.fromLid(),
        receipt.type(),
        receipt.timestamp());
  }

  public List<Receipt> receiptsOf(String lid) {
    return database.list(
        "SELECT id, from_lid, type, t FROM phone_receipts WHERE lid = ? ORDER BY n",
        row -> new Receipt(row.getString(1), row.getString(2), row.getString(3), row.getLong(4)),
        lid);
  }
}
