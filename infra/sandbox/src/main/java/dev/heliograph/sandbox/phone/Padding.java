package dev.heliograph.sandbox.phone;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/** One to sixteen bytes, each of which says how many they are. */
final class Padding {
  private Padding() {}

  static byte[] pad(byte[] plaintext) {
    int length = ThreadLocalRandom.current().nextInt(1, 17);
    byte[] padded = Arrays.copyOf(plaintext, plaintext.length + length);
    Arrays.fill(padded, plaintext.length, padded.length, (byte) length);
    return padded;
  }

  /**
   * Takes the last byte at its word, as WhatsApp does; more padding than bytes is an empty message.
   */
  static byte[] unpad(byte[] padded) {
    int length = padded.length == 0 ? 0 : padded[padded.length - 1] & 0xff;
    return Arrays.copyOf(padded, Math.max(0, padded.length - length));
  }
}
