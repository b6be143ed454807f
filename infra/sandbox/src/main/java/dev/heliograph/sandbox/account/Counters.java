package dev.heliograph.sandbox.account;

import dev.heliograph.sandbox.store.Database;
import java.util.EnumMap;
import java.util.Map;

/** How often what happened at each device. */
public final class Counters {
  private final Database database;

  public Counters(Database database) {
    this.database = database;
    database.execute(
        """
        CREATE TABLE IF NOT EXISTS counters (
          lid TEXT NOT NULL,
          device INTEGER NOT NULL,
          counter TEXT NOT NULL,
          times INTEGER NOT NULL,
          PRIMARY KEY (lid, device, counter)) WITHOUT ROWID
        """);
  }

  public enum Counter {
    /** A phone read a message. */
    DECRYPTED,
    /** A phone was given a ciphertext that it had read before. */
    DUPLICATE,
    /** A phone could not read a message. */
    UNDECRYPTABLE,
    /** The device asked for a message again. */
    RETRY_SENT,
    /** The device was asked for a message again. */
    RETRY_RECEIVED
  }

  public void count(DeviceAddress device, Counter counter) {
    database.update(
        "INSERT INTO counters VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE SET times = times + 1",
        device.lid(),
        device.device(),
        counter.name());
  }

  public Map<Counter, Integer> of(DeviceAddress device) {
    Map<Counter, Integer> counts = new EnumMap<>(Counter.class);
    for (Counter counter : Counter.values()) {
      counts.put(
          counter,
          (int)
              database.count(
                  "SELECT times FROM counters WHERE lid = ? AND device = ? AND counter = ?",
                  device.lid(),
                  device.device(),
                  counter.name()));
    }
    return counts;
  }

  public void removeAll(DeviceAddress device) {
    database.update(
        "DELETE FROM counters WHERE lid = ? AND device = ?", device.lid(), device.device());
  }
}
