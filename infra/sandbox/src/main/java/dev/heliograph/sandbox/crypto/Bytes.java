package dev.heliograph.sandbox.crypto;

/** Byte strings in a row, and the big-endian numbers of WhatsApp's nodes. */
public final class Bytes {
  private Bytes() {}

  public static byte[] concat(byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    byte[] all = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  public static byte[] bigEndian(long number, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (number >>> (8 * (length - 1 - i)));
    }
    return bytes;
  }

  /** The unsigned number in up to seven bytes. */
  public static long number(byte[] bigEndian) {
    long number = 0;
    for (byte octet : bigEndian) {
      number = number << 8 | (octet & 0xff);
    }
    return number;
  }
}
