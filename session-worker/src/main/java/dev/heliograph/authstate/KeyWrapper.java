package dev.heliograph.authstate;

/** Keeps data keys unreadable where they are stored. */
public interface KeyWrapper {
  /**
   * Wraps a data key.
   *
   * @param place the partition of the pairing that it belongs to; unwrapping wants the same one
   */
  byte[] wrap(String place, byte[] dataKey);

  /** The data key that {@link #wrap} was given. */
  byte[] unwrap(String place, byte[] wrapped);
}
