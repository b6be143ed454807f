package dev.heliograph.simulation;

import dev.heliograph.authstate.KeyWrapper;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Wraps nothing, but knows the place that it was told. */
final class PlainKeys implements KeyWrapper {
  @Override
  public byte[] wrap(String place, byte[] dataKey) {
    byte[] mark = mark(place);
    byte[] wrapped = Arrays.copyOf(mark, mark.length + dataKey.length);
    System.arraycopy(dataKey, 0, wrapped, mark.length, dataKey.length);
    return wrapped;
  }

  @Override
  public byte[] unwrap(String place, byte[] wrapped) {
    byte[] mark = mark(place);
    if (!Arrays.equals(mark, 0, mark.length, wrapped, 0, mark.length)) {
      throw new AssertionError("a key that was wrapped for another place");
    }
    return Arrays.copyOfRange(wrapped, mark.length, wrapped.length);
  }

  private static byte[] mark(String place) {
    return place.getBytes(StandardCharsets.UTF_8);
  }
}
