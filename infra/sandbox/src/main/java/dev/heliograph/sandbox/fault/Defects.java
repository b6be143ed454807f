package dev.heliograph.sandbox.fault;

import dev.heliograph.sandbox.account.DeviceAddress;
import dev.heliograph.sandbox.store.Database;
import java.util.List;

/** What each device did that it may not. */
public final class Defects {
  private final Database database;

  public Defects(Database database) {
    this.database = database;
    database.execute(
        """
        CREATE TABLE IF NOT EXISTS defects (
          lid TEXT NOT NULL,
          device INTEGER NOT NULL,
          defect TEXT NOT NULL,
          about TEXT NOT NULL,
          times INTEGER NOT NULL,
          PRIMARY KEY (lid, device, defect, about)) WITHOUT ROWID
        """);
  }

  /**
   * One thing that a device did, and how often.
   *
   * @param about where to look: a stanza's id or name
   */
  public record Found(Defect defect, String about, int times) {}

  public void record(DeviceAddress device, Defect defect, String about) {
    database.update(
        """
        INSERT INTO defects VALUES (?, ?, ?, ?, 1)
        ON CONFLICT DO UPDATE SET times = times + 1
        """,
        device.lid(),
        device.device(),
        defect.name(),
        about);
  }

  public List<Found> of(DeviceAddress device) {
    return database.list(
        "SELECT defect, about, times FROM defects WHERE lid = ? AND device = ? ORDER BY defect,"
            + " about",
        row -> new Found(Defect.valueOf(row.getString(1)), row.getString(2), row.getInt(3)),
        device.lid(),
        device.device());
  }

  public void removeAll(DeviceAddress device) {
    database.update(
        "DELETE FROM defects WHERE lid = ? AND device = ?", device.lid(), device.device());
  }
}
