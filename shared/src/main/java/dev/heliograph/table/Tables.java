package dev.heliograph.table;

import static dev.heliograph.table.TableDefinition.Key.number;
import static dev.heliograph.table.TableDefinition.Key.string;

import dev.heliograph.table.TableDefinition.Index;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every table there is. {@code template.yaml} says the same, and a test compares the two. */
public final class Tables {
  /** What each item with a limited life calls its end: epoch seconds. */
  public static final String TTL = "ttl";

  /** Customers and the hashes of their API keys. */
  public static final TableDefinition ACCOUNTS = table("accounts", string("pk"), string("sk"));

  /** One row per instance: what the API wishes, and what the session has projected. */
  public static final TableDefinition INSTANCES =
      new TableDefinition(
          "instances",
          string("id"),
          null,
          List.of(
              new Index("by-customer", string("customer"), string("id"), List.of()),
              new Index(
                  "by-shard",
                  number("shard"),
                  string("id"),
                  List.of("desired", "wish", "used_wish", "status"))),
          TTL,
          false);

  /** Entries by {@code seq} from 1, and at 0 the checkpoint. The only table with a stream. */
  public static final TableDefinition JOURNAL =
      new TableDefinition("journal", string("instance"), number("seq"), List.of(), TTL, true);

  /** The sealed records of each pairing, and its wrapped data key. */
  public static final TableDefinition AUTH_STATE =
      table("auth-state", string("partition"), string("record"));

  /** Messages in both directions; {@code queued} leads to those that wait to be sent. */
  public static final TableDefinition MESSAGES =
      new TableDefinition(
          "messages",
          string("instance"),
          string("id"),
          List.of(
              new Index(
                  "queued", number("queued_shard"), string("queued_at"), List.of("deadline"))),
          TTL,
          false);

  /** Events as fan-out found them in the journal. */
  public static final TableDefinition EVENTS =
      table("events", string("instance"), number("sequence"));

  /** The URLs that customers want their events at. */
  public static final TableDefinition WEBHOOK_ENDPOINTS =
      table("webhook-endpoints", string("customer"), string("id"));

  /**
   * One row per event and endpoint; {@code due} leads to those that are not settled, in several
   * partitions as each new delivery is in it.
   */
  public static final TableDefinition WEBHOOK_DELIVERIES =
      new TableDefinition(
          "webhook-deliveries",
          string("id"),
          null,
          List.of(new Index("due", number("due_bucket"), number("ring_at"), List.of())),
          TTL,
          false);

  /** Worker incarnations, shards and what was seen on them: one partition, read as a whole. */
  public static final TableDefinition FLEET = table("fleet", string("fleet"), string("id"));

  /** All of them. */
  public static final List<TableDefinition> ALL =
      List.of(
          ACCOUNTS,
          INSTANCES,
          JOURNAL,
          AUTH_STATE,
          MESSAGES,
          EVENTS,
          WEBHOOK_ENDPOINTS,
          WEBHOOK_DELIVERIES,
          FLEET);

  private Tables() {}

  private static TableDefinition table(
      String name, TableDefinition.Key partition, TableDefinition.@Nullable Key sort) {
    return new TableDefinition(name, partition, sort, List.of(), TTL, false);
  }
}
