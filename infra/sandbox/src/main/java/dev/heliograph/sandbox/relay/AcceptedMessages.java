package dev.heliograph.sandbox.relay;

import com.google.protobuf.ByteString;
import dev.heliograph.sandbox.account.DeviceAddress;
import dev.heliograph.sandbox.store.Database;
import java.util.Optional;

/**
 * Which messages were taken from whom, and which devices were given each: what makes a replay
 * harmless.
 */
final class AcceptedMessages {
  private final Database database;

  AcceptedMessages(Database database) {
    this.database = database;
    database.execute(
        """
        CREATE TABLE IF NOT EXISTS accepted_messages (
          lid TEXT NOT NULL,
          device INTEGER NOT NULL,
          id TEXT NOT NULL,
          t INTEGER NOT NULL,
          hash BLOB NOT NULL,
          asked_again INTEGER NOT NULL DEFAULT 0,
          PRIMARY KEY (lid, device, id)) WITHOUT ROWID
        """);
    database.execute(
        """
        CREATE TABLE IF NOT EXISTS given_messages (
          lid TEXT NOT NULL,
          device INTEGER NOT NULL,
          id TEXT NOT NULL,
          to_lid TEXT NOT NULL,
          to_device INTEGER NOT NULL,
          t INTEGER NOT NULL,
          PRIMARY KEY (lid, device, id, to_lid, to_device)) WITHOUT ROWID
        """);
    database.execute(
        "CREATE INDEX IF NOT EXISTS given_messages_between ON given_messages (to_lid, lid)");
  }

  /**
   * What is known of a message that has come before.
   *
   * @param isAsReplay whether a repeat of it may be expected to be the same bytes
   */
  record Earlier(long timestamp, ByteString hash, boolean isAsReplay) {
    boolean differsFrom(ByteString other) {
      return isAsReplay && !hash.equals(other);
    }

    @Override
    public String toString() {
      return "Earlier[" + timestamp + "]";
    }
  }

  Optional<Earlier> find(DeviceAddress sender, String id) {
    return database.find(
        "SELECT t, hash, asked_again FROM accepted_messages WHERE lid = ? AND device = ? AND id ="
            + " ?",
        row ->
            new Earlier(row.getLong(1), ByteString.copyFrom(row.getBytes(2)), row.getInt(3) == 0),
        sender.lid(),
        sender.device(),
        id);
  }

  void add(DeviceAddress sender, String id, long timestamp, ByteString hash) {
    database.update(
        "INSERT INTO accepted_messages (lid, device, id, t, hash) VALUES (?, ?, ?, ?, ?)",
        sender.lid(),
        sender.device(),
        id,
        timestamp,
        hash.toByteArray());
  }

  /**
   * Notes that a device is given a message.
   *
   * @return false if it was given it before and has not asked again since
   */
  boolean give(DeviceAddress sender, String id, DeviceAddress to, long timestamp) {
    return database.update(
            "INSERT OR IGNORE INTO given_messages VALUES (?, ?, ?, ?, ?, ?)",
            sender.lid(),
            sender.device(),
            id,
            to.lid(),
            to.device(),
            timestamp)
        > 0;
  }

  /**
   * A device could not read what it was given: the next sending of that message is for it again.
   */
  void takeBack(DeviceAddress sender, String id, DeviceAddress to) {
    database.update(
        """
        DELETE FROM given_messages
        WHERE lid = ? AND device = ? AND id = ? AND to_lid = ? AND to_device = ?
        """,
        sender.lid(),
        sender.device(),
        id,
        to.lid(),
        to.device());
    database.update(
        "UPDATE accepted_messages SET asked_again = 1 WHERE lid = ? AND device = ? AND id = ?",
        sender.lid(),
        sender.device(),
        id);
  }
}
