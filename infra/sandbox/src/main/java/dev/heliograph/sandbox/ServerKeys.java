package dev.heliograph.sandbox;

import dev.heliograph.sandbox.crypto.KeyPair;
import dev.heliograph.sandbox.store.Database;

/** The keys that make this server the same one after a restart. */
final class ServerKeys {
  private final Database database;

  ServerKeys(Database database) {
    this.database = database;
    database.execute(
        "CREATE TABLE IF NOT EXISTS server_keys (name TEXT PRIMARY KEY, private_key BLOB NOT"
            + " NULL)");
  }

  KeyPair root() {
    return get("root");
  }

  KeyPair noise() {
    return get("noise");
  }

  private KeyPair get(String name) {
    database.update(
        "INSERT OR IGNORE INTO server_keys VALUES (?, ?)", name, KeyPair.generate().privateKey());
    return database
        .find(
            "SELECT private_key FROM server_keys WHERE name = ?",
            row -> KeyPair.ofPrivate(row.getBytes(1)),
            name)
        .orElseThrow();
  }
}
