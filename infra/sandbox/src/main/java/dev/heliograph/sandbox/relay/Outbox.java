package dev.heliograph.sandbox.relay;

import dev.heliograph.sandbox.account.Account;
import dev.heliograph.sandbox.account.Accounts;
import dev.heliograph.sandbox.account.DeviceAddress;
import dev.heliograph.sandbox.store.Database;
import dev.heliograph.sandbox.store.Turn;
import dev.heliograph.sandbox.wire.Jid;
import dev.heliograph.sandbox.wire.Node;
import dev.heliograph.sandbox.wire.NodeDecoder;
import dev.heliograph.sandbox.wire.NodeEncoder;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The queue of each companion. A stanza is in it before it is sent and until it is answered: who
 * goes away without an answer gets it again at the next login, marked {@code offline}.
 */
public final class Outbox {
  private final Database database;
  private final Accounts accounts;
  private final InstantSource clock;
  private final Map<DeviceAddress, Consumer<Node>> lines = new HashMap<>();

  public Outbox(Database database, Accounts accounts, InstantSource clock) {
    this.database = database;
    this.accounts = accounts;
    this.clock = clock;
    database.execute(
        """
        CREATE TABLE IF NOT EXISTS outbox (
          n INTEGER PRIMARY KEY AUTOINCREMENT,
          lid TEXT NOT NULL,
          device INTEGER NOT NULL,
          tag TEXT NOT NULL,
          id TEXT NOT NULL,
          type TEXT NOT NULL,
          peer TEXT NOT NULL,
          stanza BLOB NOT NULL,
          t INTEGER NOT NULL)
        """);
    database.execute("CREATE INDEX IF NOT EXISTS outbox_of ON outbox (lid, device, id)");
  }

  /** Queues a stanza and, if the device is listening, sends it. */
  public void put(Turn turn, DeviceAddress device, Node stanza) {
    database.update(
        "INSERT INTO outbox (lid, device, tag, id, type, peer, stanza, t) VALUES (?, ?, ?, ?, ?, ?,"
            + " ?, ?)",
        device.lid(),
        device.device(),
        stanza.tag(),
        stanza.requireText("id"),
        stanza.text("type").orElse(""),
        peer(stanza.requireJid("from")),
        NodeEncoder.encode(stanza),
        clock.instant().getEpochSecond());
    turn.afterCommit(
        () -> {
          Consumer<Node> line = lines.get(device);
          if (line != null) {
            line.accept(stanza);
          }
        });
  }

  /** Sends what waits, as WhatsApp does after an absence, and from then on whatever comes. */
  public void open(Turn turn, DeviceAddress device, Consumer<Node> line) {
    List<Node> waiting =
        database.list(
            "SELECT stanza FROM outbox WHERE lid = ? AND device = ? ORDER BY n",
            row -> NodeDecoder.decode(row.getBytes(1)),
            device.lid(),
            device.device());
    turn.afterCommit(
        () -> {
          lines.put(device, line);
          if (!waiting.isEmpty()) {
            line.accept(preview(waiting));
          }
          for (int i = 0; i < waiting.size(); i++) {
            line.accept(waiting.get(i).with("offline", i));
          }
          line.accept(
              Node.of("ib", Node.of("offline").with("count", waiting.size()))
                  .with("from", Jid.SERVER));
        });
  }

  private static Node preview(List<Node> waiting) {
    Node preview = Node.of("offline_preview").with("count", waiting.size());
    for (String tag : List.of("message", "receipt", "notification")) {
      preview = preview.with(tag, waiting.stream().filter(stanza -> stanza.is(tag)).count());
    }
    return Node.of("ib", preview.with("appdata", 0)).with("from", Jid.SERVER);
  }

  /** Stops sending; the queue keeps growing. */
  public void close(DeviceAddress device, Consumer<Node> line) {
    lines.remove(device, line);
  }

  /**
   * Takes out what a device has answered.
   *
   * @param type of the stanza, if the answer repeats it
   * @param from whom the stanza was from, as the answer says it
   */
  public void settle(DeviceAddress device, String tag, String id, Optional<String> type, Jid from) {
    database.update(
        """
        DELETE FROM outbox
        WHERE lid = ? AND device = ? AND tag = ? AND id = ? AND peer = ? AND type = IFNULL(?, type)
        """,
        device.lid(),
        device.device(),
        tag,
        id,
        peer(from),
        type.orElse(null));
  }

  /** Clients answer in whichever addressing they keep. */
  private String peer(Jid jid) {
    return accounts.find(jid).map(Account::lid).orElseGet(() -> jid.bare().text());
  }

  public int length(DeviceAddress device) {
    return (int)
        database.count(
            "SELECT COUNT(*) FROM outbox WHERE lid = ? AND device = ?",
            device.lid(),
            device.device());
  }

  boolean holds(DeviceAddress device, String tag, String type) {
    return database.count(
            "SELECT 1 FROM outbox WHERE lid = ? AND device = ? AND tag = ? AND type = ?",
            device.lid(),
            device.device(),
            tag,
            type)
        > 0;
  }

  public void removeAll(DeviceAddress device) {
    database.update(
        "DELETE FROM outbox WHERE lid = ? AND device = ?", device.lid(), device.device());
  }
}
