package dev.heliograph.sandbox.relay;

import dev.heliograph.sandbox.store.Database;
import java.util.List;

/** Who has written to whom. */
final class Contacts {
  private final Database database;

  Contacts(Database database) {
    this.database = database;
  }

  /** The LIDs of all accounts that this one has exchanged messages with, itself left out. */
  List<String> of(String lid) {
    return database.list(
        """
        SELECT lid FROM given_messages WHERE to_lid = ?1 AND lid <> ?1
        UNION SELECT to_lid FROM given_messages WHERE lid = ?1 AND to_lid <> ?1
        """,
        row -> row.getString(1),
        lid);
  }
}
