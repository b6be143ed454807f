package dev.heliograph.whatsapp.signal;

import org.jspecify.annotations.Nullable;

/**
 * The auth-state records of one pairing, as one unit of work sees them: what was stored before, and
 * over it what the unit has written so far. The names are this package's; the bytes are secrets.
 */
public interface Records {
  /** The record's bytes, or null if there is none. */
  byte @Nullable [] find(String name);

  void put(String name, byte[] value);

  /** Does nothing if there is no such record. */
  void remove(String name);
}
