package dev.heliograph.authstate;

/**
 * Keeps data keys unreadable where they are stored. May throw {@link
 * dev.heliograph.table.NotAcknowledgedException}; both calls may be repeated.
 */
public interface KeyWrapper {
  /**
   * Wraps a data key.
   *
   * @param place the partition of the pairing that it belongs to; unwrapping wants the same one
   */
  byte[] wrap(String place, byte[] dataKey);

  /**
   * The data key that {@link #wrap} was given.
   *
   * @throws UnsealException if it was wrapped with another key or for another place
   */
  byte[] unwrap(String place, byte[] wrapped);
}
