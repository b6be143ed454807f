package dev.heliograph.sandbox.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One SQLite file. What is committed survives a kill and a power cut. Belongs to the thread of
 * {@link Turns}; the repositories make their own tables when they are built, before that thread
 * starts.
 */
public final class Database implements AutoCloseable {
  private final Connection connection;
  private final Map<String, PreparedStatement> statements = new HashMap<>();

  private Database(Connection connection) {
    this.connection = connection;
  }

  /** Reads one row; null columns come back as null. */
  @FunctionalInterface
  public interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /**
   * Opens the file, or makes it.
   *
   * @throws StoreException if another process has the file
   */
  public static Database open(Path file) {
    try {
      Database database = new Database(DriverManager.getConnection("jdbc:sqlite:" + file));
      // The lock is kept until the process ends, so two servers never share a folder.
      database.execute("PRAGMA locking_mode = EXCLUSIVE");
      database.execute("PRAGMA journal_mode = WAL");
      database.execute("PRAGMA synchronous = FULL");
      return database;
    } catch (SQLException failure) {
      throw new StoreException("cannot open " + file, failure);
    }
  }

  /** Runs a statement that is wanted once. */
  public void execute(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException failure) {
      throw new StoreException(sql, failure);
    }
  }

  /**
   * Runs what gives no rows: an insert, update or delete, or a step of a transaction.
   *
   * @return how many rows it changed
   */
  public int update(String sql, @Nullable Object... parameters) {
    try {
      return prepare(sql, parameters).executeUpdate();
    } catch (SQLException failure) {
      throw new StoreException(sql, failure);
    }
  }

  public <T> List<T> list(String sql, RowReader<T> reader, @Nullable Object... parameters) {
    try (ResultSet rows = prepare(sql, parameters).executeQuery()) {
      List<T> list = new ArrayList<>();
      while (rows.next()) {
        list.add(reader.read(rows));
      }
      return list;
    } catch (SQLException failure) {
      throw new StoreException(sql, failure);
    }
  }

  /** The first row, if any. */
  public <T> Optional<T> find(String sql, RowReader<T> reader, @Nullable Object... parameters) {
    return list(sql, reader, parameters).stream().findFirst();
  }

  public long count(String sql, @Nullable Object... parameters) {
    return find(sql, row -> row.getLong(1), parameters).orElse(0L);
  }

  private PreparedStatement prepare(String sql, @Nullable Object... parameters)
      throws SQLException {
    PreparedStatement statement = statements.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      statements.put(sql, statement);
    }
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
    return statement;
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException failure) {
      throw new StoreException("cannot close the database", failure);
    }
  }
}
