package dev.heliograph.sandbox.account;

import dev.heliograph.sandbox.store.Database;
import dev.heliograph.sandbox.wire.Jid;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The accounts, found by number or by LID. */
public final class Accounts {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Database database;

  public Accounts(Database database) {
    this.database = database;
    database.execute(
        """
        CREATE TABLE IF NOT EXISTS accounts (
          msisdn TEXT PRIMARY KEY,
          lid TEXT NOT NULL UNIQUE,
          push_name TEXT NOT NULL,
          created_at INTEGER NOT NULL,
          devices_linked INTEGER NOT NULL DEFAULT 0)
        """);
  }

  /** An account with a LID that nobody has. The number must be free. */
  public Account create(String msisdn, String pushName, Instant now) {
    String lid = freeLid();
    database.update(
        "INSERT INTO accounts (msisdn, lid, push_name, created_at) VALUES (?, ?, ?, ?)",
        msisdn,
        lid,
        pushName,
        now.getEpochSecond());
    return new Account(msisdn, lid, pushName, Instant.ofEpochSecond(now.getEpochSecond()));
  }

  /** A number that nobody has, of a range that is kept free for fiction. */
  public String freeMsisdn() {
    String msisdn;
    do {
      msisdn = "1%03d555%04d".formatted(200 + RANDOM.nextInt(800), RANDOM.nextInt(10_000));
    } while (findByMsisdn(msisdn).isPresent());
    return msisdn;
  }

  private String freeLid() {
    String lid;
    do {
      lid = Long.toString(RANDOM.nextLong(100_000_000_000_000L, 1_000_000_000_000_000L));
    } while (findByLid(lid).isPresent());
    return lid;
  }

  public List<Account> all() {
    return database.list("SELECT * FROM accounts ORDER BY created_at, msisdn", Accounts::read);
  }

  public Optional<Account> findByMsisdn(String msisdn) {
    return database.find("SELECT * FROM accounts WHERE msisdn = ?", Accounts::read, msisdn);
  }

  public Optional<Account> findByLid(String lid) {
    return database.find("SELECT * FROM accounts WHERE lid = ?", Accounts::read, lid);
  }

  public Account get(String lid) {
    return findByLid(lid).orElseThrow(() -> new IllegalStateException("a LID without an account"));
  }

  /** Whose user or device this is, in either addressing. */
  public Optional<Account> find(Jid jid) {
    return switch (jid.server()) {
      case Jid.LIDS -> findByLid(jid.user());
      case Jid.PHONE_NUMBERS, "c.us" -> findByMsisdn(jid.user());
      default -> Optional.empty();
    };
  }

  /**
   * How many devices were ever linked, this one included. Device numbers come from it and are not
   * used again.
   */
  public int countLink(String lid) {
    return database
        .find(
            "UPDATE accounts SET devices_linked = devices_linked + 1 WHERE lid = ? RETURNING"
                + " devices_linked",
            row -> row.getInt(1),
            lid)
        .orElseThrow();
  }

  private static Account read(ResultSet row) throws SQLException {
    return new Account(
        row.getString("msisdn"),
        row.getString("lid"),
        row.getString("push_name"),
        Instant.ofEpochSecond(row.getLong("created_at")));
  }
}
