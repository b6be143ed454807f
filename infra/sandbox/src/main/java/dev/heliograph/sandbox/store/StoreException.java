package dev.heliograph.sandbox.store;

import java.sql.SQLException;

/** The database refused. Parameters are not in the message: they are somebody's data. */
public final class StoreException extends RuntimeException {
  public StoreException(String statement, SQLException cause) {
    super(statement, cause);
  }
}
